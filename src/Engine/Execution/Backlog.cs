using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// The backlog in the database, for monitoring: how many workflows there are, since when work is due, and how many executors are alive. It
/// is read on demand, at most once every five seconds. The cost does not depend on the number of workflows.
/// </summary>
public sealed class Backlog
{
    /// <summary>
    /// The label for all groups that no live executor serves. Callers choose the names of groups, so they could otherwise create any number
    /// of labels.
    /// </summary>
    internal const string NoExecutor = "(no executor)";

    private const int MostExecutors = 1000;

    /// <summary>The maximum to count per state, definition and group. Walking through that many takes a few milliseconds.</summary>
    private const int MostWaiters = 10_000;

    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly IWorkflowStore store;
    private readonly DatabaseClock clock;
    private readonly Func<bool> isOpen;
    private readonly Func<string, bool> hasLimits;
    private readonly ILogger<Backlog> log;
    private readonly Lock gate = new();
    private Task reading = Task.CompletedTask;
    private TimeSpan began = -CacheDuration;
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

    /// <summary>The last result, or null if there is none or it is older than a minute.</summary>
    private Seen? Last => Volatile.Read(ref seen) is { } last && clock.Monotonic - last.At < MaxAge ? last : null;

    /// <summary>How long ago an instant was; zero if it is in the future.</summary>
    internal TimeSpan Since(DateTimeOffset instant) =>
        clock.Now() is var now && now > instant ? now - instant : TimeSpan.Zero;

    /// <summary>
    /// Reads the backlog, unless the last result is still current, and waits at most two seconds for the answer. Does not throw if the
    /// database does not answer.
    /// </summary>
    /// <param name="cancellation">Cancels the wait, but not the read.</param>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var (answer, timeout) = Begin();
        await Task.WhenAny(answer, Task.Delay(timeout, clock, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The synchronous variant of <see cref="LookAsync"/>. Returns the last result.</summary>
    internal Seen? Look()
    {
        var (answer, timeout) = Begin();
        Task.WaitAny([answer], timeout);
        return Last;
    }

    /// <summary>Starts a read if necessary. All callers that wait for the same read time out at the same moment.</summary>
    private (Task Answer, TimeSpan Timeout) Begin()
    {
        lock (gate)
        {
            var now = clock.Monotonic;
            if (reading.IsCompleted && now >= began + CacheDuration && isOpen())
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
            // A process without slots does not run workflows.
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

    /// <summary>Reads the permit queues. Without definitions with limits, no query is made.</summary>
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

    /// <summary>The result of one read.</summary>
    internal sealed record Seen(
        TimeSpan At,
        IReadOnlyList<Standing> Workflows,
        IReadOnlyList<OldestDue> Due,
        IReadOnlyList<PermitWait> Waiting,
        int ExecutorsAlive
    );

    /// <summary>How many workflows of a type have a status.</summary>
    internal readonly record struct Standing(string WorkflowType, string Status, long Count);

    /// <summary>The earliest due instant of parked workflows of a type and group, in the past or in the future.</summary>
    internal readonly record struct OldestDue(string WorkflowType, string ExecutorGroup, DateTimeOffset Due);

    /// <summary>How many workflows wait for a permit in a state, and since when the first is due.</summary>
    internal readonly record struct PermitWait(string WorkflowType, string State, long Count, DateTimeOffset FirstDue);
}
