using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>An entry of a workflow's history as it is stored.</summary>
/// <param name="Id">Its position: increases with time within a workflow.</param>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="ExecutorId">The executor that wrote it; null for a change by a person.</param>
/// <param name="DateTime">The instant of the commit.</param>
/// <param name="Entry">What happened.</param>
public sealed record ActionRecord(
    long Id,
    long WorkflowId,
    long? ExecutorId,
    DateTimeOffset DateTime,
    HistoryEntry Entry
);

/// <summary>A page of a workflow's history: newest first, or oldest first from a position on.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Limit">The maximum number of entries in the page.</param>
/// <param name="BeforeId">Only entries with a smaller id, or null.</param>
public sealed record ActionSearch(long WorkflowId, int Limit, long? BeforeId = null)
{
    /// <summary>If set: only entries with a larger id, oldest first.</summary>
    public long? AfterId { get; init; }
}

/// <summary>The totals of the entries of a workflow's history that have the same kind and states.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="From">The state before, or null.</param>
/// <param name="To">The state after.</param>
/// <param name="Count">How many there are.</param>
/// <param name="FirstId">The id of the first.</param>
/// <param name="LastId">The id of the last.</param>
/// <param name="Last">When the last was written.</param>
/// <param name="Elapsed">The time from the creation of the workflow to each of these entries, added up.</param>
/// <param name="Ran">The time that state functions ran, added up.</param>
public sealed record HistorySum(
    HistoryKind Kind,
    string? From,
    string To,
    long Count,
    long FirstId,
    long LastId,
    DateTimeOffset Last,
    TimeSpan Elapsed,
    TimeSpan Ran
);

/// <summary>The variable changes in an entry of the history.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Changes">The JSON text of a <see cref="VariableTrace"/>.</param>
public sealed record TracedChange(long Id, string Changes);

/// <summary>The children of a workflow, or a page of them, oldest first.</summary>
/// <param name="ParentWorkflowId">The parent.</param>
public sealed record ChildSearch(long ParentWorkflowId)
{
    /// <summary>The maximum number of children in the page. Default: all.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>Only children with a larger id: the last id of the previous page.</summary>
    public long AfterId { get; init; }

    /// <summary>Whether their variables are read; otherwise they are empty. Default: true.</summary>
    public bool WithVariables { get; init; } = true;

    /// <summary>
    /// The maximum size in bytes of variables, and of a result. A larger value is returned as an empty text, which is not JSON. Default: no
    /// limit.
    /// </summary>
    public int LargestValue { get; init; } = int.MaxValue;
}

/// <summary>The signals kept for a workflow, or a page of them, oldest first.</summary>
/// <param name="WorkflowId">The workflow.</param>
public sealed record SignalSearch(long WorkflowId)
{
    /// <summary>The maximum number of signals in the page. Default: all.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>Only signals with a larger id: the last id of the previous page.</summary>
    public long AfterId { get; init; }

    /// <summary>
    /// The maximum size in bytes of a payload. A larger one is returned as an empty text, which is not JSON. Default: no limit.
    /// </summary>
    public int LargestValue { get; init; } = int.MaxValue;
}
