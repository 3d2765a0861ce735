using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Crash;

/// <summary>
/// How late deadlines were. Nobody is blamed for the time in which a blow fell, and none for that before a takeover: the executor that had
/// found the deadline was dead.
/// </summary>
internal sealed class DeadlineBook
{
    private readonly List<(DateTimeOffset Began, DateTimeOffset Ended)> blows = [];

    /// <summary>How many deadlines passed.</summary>
    public int Passed { get; private set; }

    /// <summary>The longest that anybody was late.</summary>
    public TimeSpan Latest { get; private set; }

    /// <summary>A blow fell and was mended.</summary>
    public void Enter(DateTimeOffset began, DateTimeOffset ended) => blows.Add((began, ended));

    /// <summary>Enters the deadlines of a workflow.</summary>
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
