using System.Collections.Frozen;
using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Operations.Schedules;

/// <summary>
/// Starts what schedules have due. Every executor looks; a turn of a schedule is written under its revision, so that only one of them
/// creates its runs. What it knows is in the store, so that nothing is lost with a process.
/// </summary>
internal sealed class ScheduleRunner
{
    /// <summary>How often it looks for what others have changed, and whether queued runs may start.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private const int PageSize = 100;

    private readonly IScheduleStore schedules;
    private readonly IWorkflowStore store;
    private readonly Executor executor;
    private readonly ScheduleRuns runs;
    private readonly ScheduleDeclaring declaring;
    private readonly DatabaseClock clock;
    private readonly Signal wake;
    private readonly ILogger<ScheduleRunner> log;
    private readonly TimeSpan lookInterval;
    private bool isDeclared;

    /// <summary>The runs for whose end other runs wait.</summary>
    private FrozenSet<long> awaited = [];

    /// <summary>The schedules that were due without a definition at the last look. They were warned of.</summary>
    private HashSet<(string Name, long Revision)> withoutDefinition = [];

    public ScheduleRunner(
        IScheduleStore schedules,
        IWorkflowStore store,
        Executor executor,
        ScheduleRuns runs,
        ScheduleDeclaring declaring,
        ILogger<ScheduleRunner> log,
        TimeSpan? lookInterval = null
    )
    {
        this.schedules = schedules;
        this.store = store;
        this.executor = executor;
        this.runs = runs;
        this.declaring = declaring;
        this.log = log;
        this.lookInterval = lookInterval ?? LookInterval;
        clock = executor.Clock;
        wake = new Signal(clock);
        executor.Committed += Hear;
    }

    /// <summary>Has it look now.</summary>
    public void LookNow() => wake.Set();

    /// <summary>Starts runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var interval = executor.Crowd.Stretched(lookInterval);
            var next = clock.Monotonic + interval;
            try
            {
                if (!isDeclared)
                {
                    await declaring.SaveAsync(clock.Now(), stop);
                    isDeclared = true;
                }

                if (await LookAsync(stop))
                {
                    continue;
                }

                var now = clock.Now();
                if (await schedules.NextScheduleDueAsync(now, stop) is { } due && due - now < interval)
                {
                    next = clock.Monotonic + (due - now);
                }
            }
            catch (Exception trouble) when (store.IsTransient(trouble) && !stop.IsCancellationRequested)
            {
                log.SchedulesDelayed(trouble);
            }

            await wake.WaitUntilAsync(next, stop);
        }
    }

    /// <summary>
    /// Runs every schedule that is due, each once. One that cannot start stays due; as pages go by name, it does not keep others from their
    /// turn.
    /// </summary>
    /// <returns>Whether more is due.</returns>
    private async Task<bool> LookAsync(CancellationToken stop)
    {
        var isMoreDue = false;
        var look = new Look([], []);
        var search = new ScheduleSearch(PageSize);
        IReadOnlyList<ScheduleRecord> page;
        do
        {
            page = await schedules.DueSchedulesAsync(clock.Now(), search, stop);
            foreach (var schedule in page)
            {
                isMoreDue |= await TryTurnAsync(schedule, look, stop);
                search = search with { AfterName = schedule.Name };
            }
        } while (page.Count == PageSize);

        withoutDefinition = look.WithoutDefinition;

        // A run that ended between the look at it and this line was not noticed.
        var before = awaited;
        Volatile.Write(ref awaited, look.Waits.ToFrozenSet());
        return isMoreDue || look.Waits.Exists(id => !before.Contains(id));
    }

    private async Task<bool> TryTurnAsync(ScheduleRecord schedule, Look look, CancellationToken stop)
    {
        try
        {
            return await TurnAsync(schedule, look, stop);
        }
        catch (Exception fault) when (!store.IsTransient(fault) && !stop.IsCancellationRequested)
        {
            log.ScheduleFailed(fault, schedule.Name);
            return false;
        }
    }

    /// <summary>A turn of a schedule: its due instants are decided, and what comes of them is written together.</summary>
    /// <returns>Whether more is due.</returns>
    private async Task<bool> TurnAsync(ScheduleRecord schedule, Look look, CancellationToken stop)
    {
        var open = schedule.Position.OpenRuns;
        var unfinished =
            schedule.Definition.Overlap == ScheduleOverlap.Allow
                ? open
                : await schedules.UnfinishedRunsAsync(open, stop);
        var now = clock.Now();
        var ruling = ScheduleRule.Decide(schedule, now, unfinished);
        if (ruling.ChangesNothing(schedule.Position))
        {
            look.Waits.AddRange(unfinished);
            return false;
        }

        if (await runs.ForAsync(schedule, ruling.Created, now, stop) is not { } creates)
        {
            var seen = (schedule.Name, schedule.Revision);
            look.WithoutDefinition.Add(seen);
            if (!withoutDefinition.Contains(seen))
            {
                log.ScheduleHasNoDefinition(schedule.Name, schedule.Definition.WorkflowType);
            }

            return false;
        }

        var result = await schedules.WriteScheduleAsync(
            new ScheduleWrite(schedule.Revision, schedule with { Position = ruling.After }, creates, now),
            stop
        );
        if (result.Schedule is not { } written)
        {
            return true;
        }

        if (ruling.Skipped.Count > 0)
        {
            log.RunsSkipped(schedule.Name, ruling.Skipped.Count, ruling.After.LastSkipped!.Reason.ToName());
        }

        executor.Observe(result.Changes);
        if (written.Position.Queued.Count > 0)
        {
            look.Waits.AddRange(written.Position.OpenRuns);
        }

        return ruling.IsMoreDue;
    }

    private void Hear(IReadOnlyList<WorkflowChange> changes)
    {
        var waits = Volatile.Read(ref awaited);
        if (waits.Count > 0 && changes.Any(change => change.Status.IsFinal() && waits.Contains(change.Id)))
        {
            wake.Set();
        }
    }

    /// <summary>What a look at all due schedules finds.</summary>
    /// <param name="Waits">The runs for whose end other runs wait.</param>
    /// <param name="WithoutDefinition">Those that cannot start, for nobody has their definition.</param>
    private sealed record Look(List<long> Waits, HashSet<(string Name, long Revision)> WithoutDefinition);
}
