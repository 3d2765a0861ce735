using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>An entry of a workflow's history.</summary>
/// <param name="Id">The id of the entry, larger than the ids of earlier entries.</param>
/// <param name="At">When it happened.</param>
/// <param name="Kind">What happened, such as TRANSITION or RETRY.</param>
/// <param name="From">The state before the event; null for the first entry.</param>
/// <param name="To">The state after the event.</param>
/// <param name="Status">The status after the event.</param>
/// <param name="Actor">Who caused it; null for the engine itself.</param>
/// <param name="Lines">The entry as readable text.</param>
public sealed record WorkflowHistoryItem(
    long Id,
    DateTimeOffset At,
    string Kind,
    string? From,
    string To,
    WorkflowStatus Status,
    string? Actor,
    IReadOnlyList<string> Lines
);
