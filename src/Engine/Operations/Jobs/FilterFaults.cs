using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>Finds the faults of a filter.</summary>
internal static class FilterFaults
{
    /// <summary>All of them.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="longestList">At most so many values of one kind.</param>
    public static IEnumerable<FieldFault> Of(WorkflowFilter filter, int longestList) =>
        [
            .. OfTexts("workflowTypes", filter.WorkflowTypes, longestList),
            .. OfTexts("versions", filter.Versions, longestList),
            .. OfTexts("states", filter.States, longestList),
            .. OfText("executorGroup", filter.ExecutorGroup),
            .. OfText("businessKey", filter.BusinessKey),
            .. OfText("businessKeyPrefix", filter.BusinessKeyPrefix),
            .. OfNumber("parentWorkflowId", filter.ParentWorkflowId),
            .. OfNumber("idFrom", filter.IdFrom),
            .. OfNumber("idTo", filter.IdTo),
            .. OfRange("idTo", filter.IdFrom, filter.IdTo, "an id that is not below idFrom", mayBeEqual: true),
            .. OfRange("createdBefore", filter.CreatedFrom, filter.CreatedBefore, "an instant after createdFrom"),
            .. OfRange("modifiedBefore", filter.ModifiedFrom, filter.ModifiedBefore, "an instant after modifiedFrom"),
            .. OfAlternatives(filter),
            .. OfNothing(filter),
        ];

    private static IEnumerable<FieldFault> OfTexts(string field, IReadOnlyList<string> values, int longest) =>
        values.Count > longest
            ? [new FieldFault($"filter.{field}", $"{values.Count} values", $"at most {longest} values")]
            : values.SelectMany(value => RequestFaults.OfText($"filter.{field}", value));

    private static IEnumerable<FieldFault> OfText(string field, string? value) =>
        value is null ? [] : RequestFaults.OfText($"filter.{field}", value);

    private static IEnumerable<FieldFault> OfNumber(string field, long? value)
    {
        if (value <= 0)
        {
            yield return new($"filter.{field}", $"{value}", "the id of a workflow");
        }
    }

    private static IEnumerable<FieldFault> OfRange<T>(
        string field,
        T? from,
        T? to,
        string expected,
        bool mayBeEqual = false
    )
        where T : struct, IComparable<T>
    {
        if (
            from is { } first
            && to is { } last
            && first.CompareTo(last) is var order
            && (order > 0 || (order == 0 && !mayBeEqual))
        )
        {
            yield return new($"filter.{field}", last is DateTimeOffset at ? $"{at:O}" : $"{last}", expected);
        }
    }

    private static IEnumerable<FieldFault> OfAlternatives(WorkflowFilter filter)
    {
        if (filter is { BusinessKey: not null, BusinessKeyPrefix: { } prefix })
        {
            yield return new("filter.businessKeyPrefix", prefix, "either a businessKey or a businessKeyPrefix");
        }
    }

    /// <summary>What was forgotten must not mean everything.</summary>
    private static IEnumerable<FieldFault> OfNothing(WorkflowFilter filter)
    {
        if (
            filter is
            {
                WorkflowTypes.Count: 0,
                Versions.Count: 0,
                States.Count: 0,
                Statuses.Count: 0,
                ExecutorGroup: null,
                BusinessKey: null,
                BusinessKeyPrefix: null,
                ParentWorkflowId: null,
                CreatedFrom: null,
                CreatedBefore: null,
                ModifiedFrom: null,
                ModifiedBefore: null,
                IdFrom: null,
                IdTo: null,
            }
        )
        {
            yield return new("filter", null, "at least one condition; idFrom 1 means every workflow");
        }
    }
}
