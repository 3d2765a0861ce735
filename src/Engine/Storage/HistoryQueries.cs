using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>An entry of a workflow's history as it is stored.</summary>
/// <param name="Id">Its position: rises with time within a workflow.</param>
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
/// <param name="Limit">The most entries in the page.</param>
/// <param name="BeforeId">Only entries with a smaller id, or null.</param>
public sealed record ActionSearch(long WorkflowId, int Limit, long? BeforeId = null)
{
    /// <summary>When not null: entries with a larger id, oldest first.</summary>
    public long? AfterId { get; init; }
}

/// <summary>What entries of a workflow's history with the same kind, states and status come to.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="From">The state before, or null.</param>
/// <param name="To">The state after.</param>
/// <param name="Count">How many there are.</param>
/// <param name="FirstId">The id of the first.</param>
/// <param name="LastId">The id of the last.</param>
/// <param name="Last">When the last was written.</param>
/// <param name="Elapsed">The time from the creation of the workflow to each of them, added up.</param>
/// <param name="Ran">How long state functions ran, added up.</param>
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

/// <summary>What an entry of the history says of variables.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Changes">The JSON text of a <see cref="VariableTrace"/>.</param>
public sealed record TracedChange(long Id, string Changes);

/// <summary>The children of a workflow, or a page of them, oldest first.</summary>
/// <param name="ParentWorkflowId">The parent.</param>
public sealed record ChildSearch(long ParentWorkflowId)
{
    /// <summary>The most children in the page. Default: all.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>Only children with a larger id: where the page before this one ended.</summary>
    public long AfterId { get; init; }

    /// <summary>Whether their variables are read; without, they are empty. Default: true.</summary>
    public bool WithVariables { get; init; } = true;

    /// <summary>
    /// The most bytes of variables, and of a result, that are read. In place of what has more stands an empty text, which is no JSON. Default:
    /// however many there are.
    /// </summary>
    public int LargestValue { get; init; } = int.MaxValue;
}

/// <summary>The signals that are kept for a workflow, or a page of them, oldest first.</summary>
/// <param name="WorkflowId">The workflow.</param>
public sealed record SignalSearch(long WorkflowId)
{
    /// <summary>The most signals in the page. Default: all.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>Only signals with a larger id: where the page before this one ended.</summary>
    public long AfterId { get; init; }

    /// <summary>
    /// The most bytes of a payload that are read. In place of one that has more stands an empty text, which is no JSON. Default: however many
    /// there are.
    /// </summary>
    public int LargestValue { get; init; } = int.MaxValue;
}
