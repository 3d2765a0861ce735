using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Crash;

/// <summary>The history tells the database's time, whichever executor wrote it.</summary>
internal static class Chronicle
{
    /// <summary>How far a transition may be from the row that was entered with it: executors are stalled in between.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    /// <summary>The transitions of a workflow that are not where the database's own clock has the row of the same commit.</summary>
    /// <param name="history">Oldest first.</param>
    /// <param name="rows">The rows of the workflow.</param>
    public static IEnumerable<string> FindFaults(IEnumerable<ActionRecord> history, IEnumerable<LedgerRow> rows)
    {
        var transitions = history
            .Where(action => action.Entry.Kind is HistoryKind.Transition or HistoryKind.DeadlinePassed)
            .ToArray();
        return rows.Where(row => (transitions[row.Step].DateTime - row.Entered).Duration() > Tolerance)
            .Select(row =>
                $"step {row.StepKey} says {transitions[row.Step].DateTime:O}, by the database's clock it was {row.Entered:O}"
            );
    }
}
