using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Crash;

/// <summary>
/// Measures how late deadlines were. The time of a blow does not count, nor the time before a takeover, when the executor that had found
/// the deadline was dead.
/// </summary>
internal sealed class DeadlineBook
{
    private readonly List<(DateTimeOffset Began, DateTimeOffset Ended)> blows = [];

    /// <summary>The number of deadlines that passed.</summary>
    public int Passed { get; private set; }

    /// <summary>The longest delay of a deadline.</summary>
    public TimeSpan Latest { get; private set; }

    /// <summary>Records a blow, from its start until its repair.</summary>
    public void Enter(DateTimeOffset began, DateTimeOffset ended) => blows.Add((began, ended));

    /// <summary>Records the deadlines of a workflow.</summary>
    /// <param name="history">Oldest first.</param>
    public void Enter(IReadOnlyList<ActionRecord> history)
    {
        for (var place = 1; place < history.Count; place++)
        {
            var passed = history[place];
            if (
                passed.Entry.Kind != HistoryKind.DeadlinePassed
                || history.Take(place).LastOrDefault(action => action.Entry.Details?.DeadlineState is not null)
                    is not { Entry.Due: { } due }
            )
            {
                continue;
            }

            Passed++;
            var since = history
                .Take(place)
                .Where(action => action.Entry.Kind is not (HistoryKind.Transition or HistoryKind.Signalled))
                .Select(action => action.DateTime)
                .Append(due)
                .Max();
            since = blows
                .Where(blow => blow.Began <= passed.DateTime && blow.Ended >= due)
                .Select(blow => blow.Ended)
                .Append(since)
                .Max();
            var late = passed.DateTime - since;
            Latest = late > Latest ? late : Latest;
        }
    }
}
