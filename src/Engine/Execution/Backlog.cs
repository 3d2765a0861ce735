using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// What waits in the database, for monitoring: how many workflows there are, since when work is due, and how many executors live. It is
/// read on demand, at most once in five seconds, and costs the same however many workflows there are.
/// </summary>
public sealed class Backlog
{
    /// <summary>Stands for every group that no living executor has: such a name is a caller's, and may be anything.</summary>
    internal const string NoExecutor = "(no executor)";

    private const int MostExecutors = 1000;

    /// <summary>Of one state, definition and group; a walk through as many takes some milliseconds.</summary>
    private const int MostWaiters = 10_000;

    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Outdated = TimeSpan.FromMinutes(1);

    private readonly IWorkflowStore store;
    private readonly DatabaseClock clock;
    private readonly Func<bool> isOpen;
    private readonly Func<string, bool> hasLimits;
    private readonly ILogger<Backlog> log;
    private readonly Lock gate = new();
    private Task reading = Task.CompletedTask;
    private TimeSpan began = -Lasts;
    private Seen? seen;

    internal Backlog(
        IWorkflowStore store,
        DatabaseClock clock,
        Func<bool> isOpen,
        Func<string, bool> hasLimits,
        ILogger<Backlog> log
    )
    {
        this.store = store;
        this.clock = clock;
        this.isOpen = isOpen;
        this.hasLimits = hasLimits;
        this.log = log;
    }

    /// <summary>What was seen last; null when nothing was, or not lately.</summary>
    private Seen? Last => Volatile.Read(ref seen) is { } last && clock.Monotonic - last.At < Outdated ? last : null;

    /// <summary>How long ago an instant was; zero when it is still to come.</summary>
    internal TimeSpan Since(DateTimeOffset instant) =>
        clock.Now() is var now && now > instant ? now - instant : TimeSpan.Zero;

    /// <summary>
    /// Looks, unless it has just been done, and waits for the answer for two seconds. It does not throw when the database gives none.
    /// </summary>
    /// <param name="cancellation">Ends the wait, not the look.</param>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var (answer, timeout) = Begin();
        await Task.WhenAny(answer, Task.Delay(timeout, clock, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The same for a caller that cannot await.</summary>
    internal Seen? Look()
    {
        var (answer, timeout) = Begin();
        Task.WaitAny([answer], timeout);
        return Last;
    }

    /// <summary>All who wait for one look do so until the same moment.</summary>
    private (Task Answer, TimeSpan Timeout) Begin()
    {
        lock (gate)
        {
            var now = clock.Monotonic;
            if (reading.IsCompleted && now >= began + Lasts && isOpen())
            {
                began = now;
                reading = ReadAsync();
            }

            var timeout = began + LongestWait - now;
            return (reading, timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var at = clock.Monotonic;
            var counts = await store.CountsAsync(CancellationToken.None);
            DefinitionKey[] unfinished =
            [
                .. counts
                    .Where(count => !count.Status.IsFinal())
                    .Select(count => new DefinitionKey(count.WorkflowType, count.Version))
                    .Distinct(),
            ];
            var due = await store.FirstDueAsync(unfinished, CancellationToken.None);
            var executors = await store.ExecutorsAsync(MostExecutors, CancellationToken.None);
            var waiting = await WaitingAsync(unfinished, executors);
            var now = clock.Now();
            // A process that only serves runs nothing.
            var alive = executors.Where(executor => executor.Capacity > 0 && executor.IsAliveAt(now)).ToList();
            var groups = alive.SelectMany(executor => executor.ExecutorGroups).ToHashSet();
            Volatile.Write(
                ref seen,
                new Seen(
                    at,
                    [
                        .. counts
                            .GroupBy(count => (count.WorkflowType, count.Status))
                            .Select(sum => new Standing(
                                sum.Key.WorkflowType,
                                sum.Key.Status.ToName(),
                                sum.Sum(count => count.Count)
                            )),
                    ],
                    [
                        .. due.GroupBy(first =>
                                (
                                    first.Definition.Name,
                                    Group: groups.Contains(first.ExecutorGroup) ? first.ExecutorGroup : NoExecutor
                                )
                            )
                            .Select(place => new OldestDue(
                                place.Key.Name,
                                place.Key.Group,
                                place.Min(first => first.Due)
                            )),
                    ],
                    waiting,
                    alive.Count
                )
            );
        }
        catch (Exception trouble)
        {
            log.BacklogNotRead(trouble);
        }
    }

    /// <summary>Asks nothing where no definition has limits.</summary>
    private async Task<IReadOnlyList<PermitWait>> WaitingAsync(
        IEnumerable<DefinitionKey> unfinished,
        IEnumerable<ExecutorRecord> executors
    )
    {
        DefinitionKey[] limited = [.. unfinished.Where(definition => hasLimits(definition.Name))];
        if (limited.Length == 0)
        {
            return [];
        }

        var search = new PermitQueueSearch(
            limited,
            [.. executors.SelectMany(executor => executor.ExecutorGroups).Distinct()],
            MostWaiters,
            clock.Now()
        );
        return
        [
            .. (await store.PermitQueuesAsync(search, CancellationToken.None))
                .GroupBy(queue => (queue.Definition.Name, queue.State))
                .Select(queues => new PermitWait(
                    queues.Key.Name,
                    queues.Key.State,
                    queues.Sum(queue => queue.Waiting),
                    queues.Min(queue => queue.FirstDue)
                )),
        ];
    }

    /// <summary>What a look has seen.</summary>
    internal sealed record Seen(
        TimeSpan At,
        IReadOnlyList<Standing> Workflows,
        IReadOnlyList<OldestDue> Due,
        IReadOnlyList<PermitWait> Waiting,
        int ExecutorsAlive
    );

    /// <summary>How many workflows of a type have a status.</summary>
    internal readonly record struct Standing(string WorkflowType, string Status, long Count);

    /// <summary>When the first of what is parked is due, or was.</summary>
    internal readonly record struct OldestDue(string WorkflowType, string ExecutorGroup, DateTimeOffset Due);

    /// <summary>How many wait for a permit in a state, and since when the first does.</summary>
    internal readonly record struct PermitWait(string WorkflowType, string State, long Count, DateTimeOffset FirstDue);
}
