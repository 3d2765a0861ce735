using GopherFlow.Rules;

namespace GopherFlow.Testing;

/// <summary>One visit of a workflow to a state. A transition from a state to itself begins a new visit.</summary>
/// <param name="State">The state.</param>
/// <param name="Entered">When the workflow entered the state.</param>
/// <param name="Attempts">How many attempts the visit had, including attempts that failed before the state function ran.</param>
/// <param name="Errors">The errors of failed attempts, in order.</param>
public sealed record FlowVisit(string State, DateTimeOffset Entered, int Attempts, IReadOnlyList<string> Errors)
{
    /// <summary>The user who moved the workflow there by hand, or null.</summary>
    public string? MovedBy { get; init; }

    /// <summary>The visits in a history, oldest first.</summary>
    /// <param name="history">The entries, oldest first.</param>
    internal static IReadOnlyList<FlowVisit> Of(IEnumerable<RunEntry> history)
    {
        var visits = new List<FlowVisit>();
        foreach (var entry in history)
        {
            var kind = HistoryKindNames.Parse(entry.Kind);
            if (visits.Count > 0)
            {
                visits[^1] = visits[^1].After(entry, kind);
            }

            if (visits.Count == 0 || Begins(entry, kind))
            {
                visits.Add(new FlowVisit(entry.To, entry.At, 0, []) { MovedBy = IsByHand(kind) ? entry.Actor : null });
            }
        }

        return visits;
    }

    private FlowVisit After(RunEntry entry, HistoryKind kind) =>
        kind switch
        {
            HistoryKind.Transition or HistoryKind.ContinuedAnew => this with { Attempts = Attempts + 1 },
            HistoryKind.AttemptFailed or HistoryKind.Rejected or HistoryKind.GivenUp or HistoryKind.Deferred => Failed(
                $"{entry.Error}"
            ),
            HistoryKind.TakenOver => Failed("the executor died before the commit"),
            _ => this,
        };

    private FlowVisit Failed(string error) => this with { Attempts = Attempts + 1, Errors = [.. Errors, error] };

    private static bool Begins(RunEntry entry, HistoryKind kind) =>
        kind
            is HistoryKind.Created
                or HistoryKind.Transition
                or HistoryKind.DeadlinePassed
                or HistoryKind.StateChanged
                or HistoryKind.ContinuedAnew
                or HistoryKind.RunAgain
        || (entry.From is not null && entry.From != entry.To);

    private static bool IsByHand(HistoryKind kind) => kind is HistoryKind.StateChanged or HistoryKind.RunAgain;
}
