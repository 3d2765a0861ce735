using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>Something that happened to a workflow: an entry of its history.</summary>
/// <param name="Id">Its id, larger than those before.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What happened, such as TRANSITION or RETRY.</param>
/// <param name="From">The state before; null for the first entry.</param>
/// <param name="To">The state after.</param>
/// <param name="Status">The status after.</param>
/// <param name="Actor">Who did it; null for the engine itself.</param>
/// <param name="Lines">The same in words.</param>
public sealed record WorkflowHappening(
    long Id,
    DateTimeOffset At,
    string Kind,
    string? From,
    string To,
    WorkflowStatus Status,
    string? Actor,
    IReadOnlyList<string> Lines
);
