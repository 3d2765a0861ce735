using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Crash;

/// <summary>The history has database time, no matter which executor wrote it.</summary>
internal static class Chronicle
{
    /// <summary>The allowed time between a transition and its ledger row; executors may stall in between.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    /// <summary>Finds transitions of a workflow whose time differs from that of the ledger row of the same commit.</summary>
    /// <param name="history">Oldest first.</param>
    /// <param name="rows">The rows of the workflow.</param>
    public static IEnumerable<string> FindFaults(IEnumerable<ActionRecord> history, IEnumerable<LedgerRow> rows)
    {
        var transitions = history
            .Where(action => action.Entry.Kind is HistoryKind.Transition or HistoryKind.DeadlinePassed)
            .ToArray();
        return rows.Where(row => (transitions[row.Step].DateTime - row.Entered).Duration() > Tolerance)
            .Select(row =>
                $"step {row.StepKey} has the time {transitions[row.Step].DateTime:O}, but by the database's clock it was {row.Entered:O}"
            );
    }
}
