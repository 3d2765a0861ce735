using GopherFlow.Rules;

namespace GopherFlow.Operations;

/// <summary>Validates the fields of requests.</summary>
internal static class RequestFaults
{
    private const int LongestText = 500;
    private const int LongestExcerpt = 80;

    /// <summary>Validates a text that is stored, such as an external id.</summary>
    public static IEnumerable<FieldFault> OfText(string field, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            yield return new(field, text, "a text that is not empty");
        }
        else if (text.Length > LongestText)
        {
            yield return new(field, $"{text[..20]}... ({text.Length} characters)", $"at most {LongestText} characters");
        }
        else if (text.Contains('\0'))
        {
            yield return new(field, text.Replace("\0", "\\0"), "a text without NUL characters");
        }
    }

    /// <summary>Validates a priority.</summary>
    public static IEnumerable<FieldFault> OfPriority(int priority)
    {
        if (priority is < WorkflowPriority.First or > WorkflowPriority.Last)
        {
            yield return new(
                "priority",
                $"{priority}",
                $"a whole number from {WorkflowPriority.First} to {WorkflowPriority.Last}"
            );
        }
    }

    /// <summary>Validates changes of variables.</summary>
    public static IEnumerable<FieldFault> OfVariables(IReadOnlyList<VariableChange> changes)
    {
        foreach (var change in changes)
        {
            foreach (var fault in OfText("key", change.Key))
            {
                yield return fault;
            }

            foreach (
                var fault in OfJson("value", change.JsonValue).Concat(OfJson("expected", change.Expected?.JsonValue))
            )
            {
                yield return fault;
            }
        }
    }

    /// <summary>Validates a JSON value. Null means that there is none.</summary>
    public static IEnumerable<FieldFault> OfJson(string field, string? json)
    {
        if (!VariableEditor.IsReadable(json))
        {
            yield return new(field, Excerpt(json!), "a JSON value, at most 63 levels deep");
        }
    }

    /// <summary>Rejects a request that has errors.</summary>
    /// <exception cref="RejectedRequestException">There are errors.</exception>
    public static void Reject(FieldFault[] faults)
    {
        if (faults.Length > 0)
        {
            throw new RejectedRequestException(faults);
        }
    }

    private static string Excerpt(string text) =>
        text.Length <= LongestExcerpt ? text : $"{text[..LongestExcerpt]}... ({text.Length} characters)";
}
