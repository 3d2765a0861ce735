using System.Collections.Frozen;
using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Operations.Schedules;

/// <summary>
/// Starts the due runs of schedules. Every executor polls. A turn of a schedule is written under its revision, so only one executor creates
/// its runs. All state is in the store, so nothing is lost if a process dies.
/// </summary>
internal sealed class ScheduleRunner
{
    /// <summary>How often it polls for changes by other processes, and for queued runs that may start.</summary>
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

    /// <summary>The runs whose end other runs wait for.</summary>
    private FrozenSet<long> awaited = [];

    /// <summary>The schedules that were due without a definition in the last pass. A warning about them has been logged.</summary>
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
        executor.Committed += OnCommitted;
    }

    /// <summary>Makes it run immediately.</summary>
    public void PollNow() => wake.Set();

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

                if (await RunDueAsync(stop))
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
    /// Gives every due schedule one turn. A schedule that cannot start stays due. It does not block others, because pages are sorted by
    /// name.
    /// </summary>
    /// <returns>Whether more is due.</returns>
    private async Task<bool> RunDueAsync(CancellationToken stop)
    {
        var isMoreDue = false;
        var pass = new Pass([], []);
        var search = new ScheduleSearch(PageSize);
        IReadOnlyList<ScheduleRecord> page;
        do
        {
            page = await schedules.DueSchedulesAsync(clock.Now(), search, stop);
            foreach (var schedule in page)
            {
                isMoreDue |= await TryTurnAsync(schedule, pass, stop);
                search = search with { AfterName = schedule.Name };
            }
        } while (page.Count == PageSize);

        withoutDefinition = pass.WithoutDefinition;

        // A run that ended after it was read and before this line was not noticed, so new waits require another pass.
        var before = awaited;
        Volatile.Write(ref awaited, pass.Waits.ToFrozenSet());
        return isMoreDue || pass.Waits.Exists(id => !before.Contains(id));
    }

    private async Task<bool> TryTurnAsync(ScheduleRecord schedule, Pass pass, CancellationToken stop)
    {
        try
        {
            return await TurnAsync(schedule, pass, stop);
        }
        catch (Exception fault) when (!store.IsTransient(fault) && !stop.IsCancellationRequested)
        {
            log.ScheduleFailed(fault, schedule.Name);
            return false;
        }
    }

    /// <summary>One turn of a schedule: decides its due instants, and writes the result in one transaction.</summary>
    /// <returns>Whether more is due.</returns>
    private async Task<bool> TurnAsync(ScheduleRecord schedule, Pass pass, CancellationToken stop)
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
            pass.Waits.AddRange(unfinished);
            return false;
        }

        if (await runs.ForAsync(schedule, ruling.Created, now, stop) is not { } creates)
        {
            var seen = (schedule.Name, schedule.Revision);
            pass.WithoutDefinition.Add(seen);
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
            pass.Waits.AddRange(written.Position.OpenRuns);
        }

        return ruling.IsMoreDue;
    }

    private void OnCommitted(IReadOnlyList<WorkflowChange> changes)
    {
        var waits = Volatile.Read(ref awaited);
        if (waits.Count > 0 && changes.Any(change => change.Status.IsFinal() && waits.Contains(change.Id)))
        {
            wake.Set();
        }
    }

    /// <summary>The findings of one pass over all due schedules.</summary>
    /// <param name="Waits">The runs whose end other runs wait for.</param>
    /// <param name="WithoutDefinition">The schedules that cannot start because their definition does not exist or is disabled.</param>
    private sealed record Pass(List<long> Waits, HashSet<(string Name, long Revision)> WithoutDefinition);
}
