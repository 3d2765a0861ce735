using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>Validates filters.</summary>
internal static class FilterFaults
{
    /// <summary>Returns all errors of a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="longestList">The maximum number of values in a list.</param>
    public static IEnumerable<FieldFault> Of(WorkflowFilter filter, int longestList) =>
        [
            .. OfTexts("workflowTypes", filter.WorkflowTypes, longestList),
            .. OfTexts("versions", filter.Versions, longestList),
            .. OfTexts("states", filter.States, longestList),
            .. OfTexts("executorGroups", filter.ExecutorGroups, longestList),
            .. OfWaits(filter),
            .. OfText("businessKey", filter.BusinessKey),
            .. OfText("businessKeyPrefix", filter.BusinessKeyPrefix),
            .. OfNumber("parentWorkflowId", filter.ParentWorkflowId),
            .. OfNumber("idFrom", filter.IdFrom),
            .. OfNumber("idTo", filter.IdTo),
            .. OfRange("idTo", filter.IdFrom, filter.IdTo, "an id that is not below idFrom", mayBeEqual: true),
            .. OfRange("createdBefore", filter.CreatedFrom, filter.CreatedBefore, "an instant after createdFrom"),
            .. OfRange("modifiedBefore", filter.ModifiedFrom, filter.ModifiedBefore, "an instant after modifiedFrom"),
            .. OfRange("finishedBefore", filter.FinishedFrom, filter.FinishedBefore, "an instant after finishedFrom"),
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

        if (filter is { WithoutParent: true, ParentWorkflowId: { } parent })
        {
            yield return new("filter.parentWorkflowId", $"{parent}", "either a parentWorkflowId or withoutParent");
        }
    }

    /// <summary>Checks that the wait reasons are compatible with the other conditions.</summary>
    private static IEnumerable<FieldFault> OfWaits(WorkflowFilter filter)
    {
        foreach (var reason in filter.WaitsFor.Where(reason => !Enum.IsDefined(reason)))
        {
            yield return new(
                "filter.waitsFor",
                $"{reason}",
                $"one of {string.Join(", ", Enum.GetNames<WaitReason>())}"
            );
        }

        foreach (var fault in OfImpossible(filter, "what a workflow can have in one of the filter's statuses"))
        {
            yield return fault;
        }
    }

    /// <summary>Reports conditions that no workflow can meet in the remaining statuses.</summary>
    public static IEnumerable<FieldFault> OfImpossible(WorkflowFilter filter, string expected)
    {
        if (filter.Narrowed() is null)
        {
            var isWait = filter.WaitsFor.Count > 0;
            yield return new(
                isWait ? "filter.waitsFor"
                    : filter.FinishedFrom is null ? "filter.finishedBefore"
                    : "filter.finishedFrom",
                isWait ? string.Join(", ", filter.WaitsFor) : $"{filter.FinishedFrom ?? filter.FinishedBefore:O}",
                expected
            );
        }
    }

    /// <summary>Rejects an empty filter, because a forgotten condition must not select all workflows.</summary>
    private static IEnumerable<FieldFault> OfNothing(WorkflowFilter filter)
    {
        if (filter.IsEmpty)
        {
            yield return new("filter", null, "at least one condition; idFrom 1 means every workflow");
        }
    }
}
