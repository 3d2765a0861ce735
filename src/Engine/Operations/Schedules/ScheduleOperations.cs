using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Schedules;

/// <summary>The operations on schedules. Thread-safe; one instance per process.</summary>
public sealed class ScheduleOperations
{
    private readonly IScheduleStore schedules;
    private readonly IWorkflowStore store;
    private readonly Executor executor;
    private readonly ScheduleRunner runner;
    private readonly ScheduleRuns runs;
    private readonly ScheduleFaults faults;
    private readonly DeclaredSchedules declared;
    private readonly TimeProvider clock;

    internal ScheduleOperations(
        IScheduleStore schedules,
        IWorkflowStore store,
        Executor executor,
        ScheduleRunner runner,
        ScheduleRuns runs,
        ScheduleFaults faults,
        DeclaredSchedules declared
    )
    {
        this.schedules = schedules;
        this.store = store;
        this.executor = executor;
        this.runner = runner;
        this.runs = runs;
        this.faults = faults;
        this.declared = declared;
        clock = executor.Clock;
    }

    /// <summary>Finds a schedule. Returns null if it does not exist.</summary>
    public Task<ScheduleRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        schedules.FindScheduleAsync(name, cancellation);

    /// <summary>Returns a page of schedules, sorted by name.</summary>
    /// <param name="limit">The maximum number of schedules in the page.</param>
    /// <param name="afterName">Only schedules with a greater name: the last name of the previous page.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public Task<IReadOnlyList<ScheduleRecord>> ListAsync(
        int limit = 50,
        string? afterName = null,
        CancellationToken cancellation = default
    ) => schedules.SchedulesAsync(new ScheduleSearch(limit, afterName), cancellation);

    /// <summary>Returns a page of the workflows that a schedule has created and that are still kept, latest due instant first.</summary>
    /// <param name="name">The name of the schedule.</param>
    /// <param name="limit">The maximum number of runs in the page.</param>
    /// <param name="beforeExternalId">Only runs with a smaller external id: the last one of the previous page.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public Task<IReadOnlyList<WorkflowRecord>> RunsAsync(
        string name,
        int limit = 50,
        string? beforeExternalId = null,
        CancellationToken cancellation = default
    ) =>
        schedules.ScheduleRunsAsync(
            new ScheduleRunSearch($"{ScheduleRecord.ActorPrefix}{name}:", limit, beforeExternalId),
            cancellation
        );

    /// <summary>The next due instants of a schedule; empty while it is paused.</summary>
    public static IReadOnlyList<DateTimeOffset> NextDue(ScheduleRecord schedule, int count)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return schedule.Position.NextDue is { } next && count > 0
            ? [next, .. Timetable.Of(schedule.Definition).NextAfter(next, count - 1)]
            : [];
    }

    /// <summary>The next due instants of a schedule that is not stored.</summary>
    /// <exception cref="RejectedRequestException">The timetable is invalid.</exception>
    public IReadOnlyList<DateTimeOffset> Preview(ScheduleDefinition schedule, int count)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        RequestFaults.Reject([.. ScheduleFaults.OfTimetable(schedule)]);
        return [.. Timetable.Of(schedule).NextAfter(clock.Now(), count)];
    }

    /// <summary>Stores a new schedule. Its first due instant is after now.</summary>
    /// <exception cref="RejectedRequestException">A field is invalid. Nothing is stored.</exception>
    public async Task<ScheduleResult> CreateAsync(SaveSchedule request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await faults.RejectAsync(request.Name, request.Definition, cancellation);
        var now = clock.Now();
        var schedule = new ScheduleRecord
        {
            Name = request.Name,
            Definition = request.Definition,
            CreatedBy = request.Actor,
            Created = now,
            ChangedBy = request.Actor,
            Changed = now,
        };
        schedule = schedule with { Position = ScheduleRule.BeginAt(schedule, now) };
        if (!await schedules.CreateScheduleAsync(schedule, cancellation))
        {
            return new ScheduleResult(ScheduleVerdict.Exists, await FindAsync(request.Name, cancellation));
        }

        runner.PollNow();
        return new ScheduleResult(ScheduleVerdict.Done, schedule);
    }

    /// <summary>
    /// Changes a schedule. Its counts, its queue and its paused state are kept. If the timetable changes, the next due instant is after
    /// now.
    /// </summary>
    /// <exception cref="RejectedRequestException">A field is invalid. Nothing is stored.</exception>
    public async Task<ScheduleResult> ChangeAsync(SaveSchedule request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await faults.RejectAsync(request.Name, request.Definition, cancellation);
        return await WriteAsync(
            request.Name,
            (schedule, now) =>
            {
                if (schedule.Declared is not null)
                {
                    return null;
                }

                var changed = schedule with
                {
                    Definition = request.Definition,
                    ChangedBy = request.Actor,
                    Changed = now,
                };
                return HasSameTimetable(schedule.Definition, request.Definition)
                    ? changed
                    : changed with
                    {
                        Position = ScheduleRule.BeginAt(changed, now),
                    };
            },
            cancellation
        );
    }

    /// <summary>Pauses a schedule. It is not due until it is resumed. Existing runs continue.</summary>
    public Task<ScheduleResult> PauseAsync(string name, string actor, CancellationToken cancellation = default) =>
        PauseAsync(name, isPaused: true, actor, cancellation);

    /// <summary>Resumes a schedule. Runs that would have been due during the pause are not made up for.</summary>
    public Task<ScheduleResult> ResumeAsync(string name, string actor, CancellationToken cancellation = default) =>
        PauseAsync(name, isPaused: false, actor, cancellation);

    /// <summary>
    /// Starts a run now, regardless of the timetable, even if the schedule is paused or another run has not ended. For later due instants,
    /// it counts as a run of the schedule.
    /// </summary>
    /// <exception cref="RejectedRequestException">The definition does not exist or is disabled.</exception>
    public async Task<ScheduleResult> TriggerAsync(string name, string actor, CancellationToken cancellation = default)
    {
        var now = clock.Now();
        return await TransientRetry.RunAsync(
            store,
            clock,
            isRepeated => TriggerAsync(name, actor, now, isRepeated, cancellation),
            cancellation
        );
    }

    /// <summary>
    /// Deletes a schedule. Its runs are kept. A schedule that is declared in the code of this application cannot be deleted, because the
    /// next start would create it again.
    /// </summary>
    public async Task<ScheduleResult> DeleteAsync(string name, CancellationToken cancellation = default)
    {
        if (await FindAsync(name, cancellation) is not { } schedule)
        {
            return ScheduleResult.NotFound;
        }

        if (schedule.Declared is not null && declared.Has(name))
        {
            return new ScheduleResult(ScheduleVerdict.Declared, schedule);
        }

        return await schedules.DeleteScheduleAsync(name, cancellation)
            ? new ScheduleResult(ScheduleVerdict.Done, schedule)
            : ScheduleResult.NotFound;
    }

    /// <summary>
    /// Creates the run under the revision of the schedule. The external id is the same in every attempt, so an attempt whose answer was
    /// lost is recognized by its run, and the run is not started twice.
    /// </summary>
    private async Task<ScheduleResult> TriggerAsync(
        string name,
        string actor,
        DateTimeOffset now,
        bool isRepeated,
        CancellationToken cancellation
    )
    {
        for (; await FindAsync(name, cancellation) is { } schedule; isRepeated = true)
        {
            if (
                isRepeated
                && await store.FindByExternalIdAsync(schedule.ExternalIdOfTrigger(now), cancellation) is { } started
            )
            {
                executor.PollNow();
                return new ScheduleResult(ScheduleVerdict.Done, schedule, started.Id);
            }

            if (await runs.TriggeredAsync(schedule, now, actor, cancellation) is not { } run)
            {
                throw new RejectedRequestException([
                    new FieldFault("workflowType", schedule.Definition.WorkflowType, "a definition that is enabled"),
                ]);
            }

            var result = await schedules.WriteScheduleAsync(
                new ScheduleWrite(schedule.Revision, schedule, [run], clock.Now()),
                cancellation
            );
            if (result.Schedule is { } written)
            {
                executor.Observe(result.Changes);
                return new ScheduleResult(ScheduleVerdict.Done, written, result.Creates[0].Id);
            }
        }

        return ScheduleResult.NotFound;
    }

    private Task<ScheduleResult> PauseAsync(string name, bool isPaused, string actor, CancellationToken cancellation) =>
        WriteAsync(
            name,
            (schedule, now) =>
            {
                if (schedule.IsPaused == isPaused)
                {
                    return schedule;
                }

                var changed = schedule with { IsPaused = isPaused, ChangedBy = actor, Changed = now };
                return changed with { Position = ScheduleRule.BeginAt(changed, now) };
            },
            cancellation
        );

    /// <summary>
    /// Applies a change to a schedule. If the function returns the same schedule, nothing is written; if it returns null, the change is
    /// refused.
    /// </summary>
    private async Task<ScheduleResult> WriteAsync(
        string name,
        Func<ScheduleRecord, DateTimeOffset, ScheduleRecord?> change,
        CancellationToken cancellation
    )
    {
        while (await FindAsync(name, cancellation) is { } schedule)
        {
            var now = clock.Now();
            var changed = change(schedule, now);
            if (changed is null || ReferenceEquals(changed, schedule))
            {
                return new ScheduleResult(changed is null ? ScheduleVerdict.Declared : ScheduleVerdict.Done, schedule);
            }

            var result = await schedules.WriteScheduleAsync(
                new ScheduleWrite(schedule.Revision, changed, [], now),
                cancellation
            );
            if (result.Schedule is { } written)
            {
                runner.PollNow();
                return new ScheduleResult(ScheduleVerdict.Done, written);
            }
        }

        return ScheduleResult.NotFound;
    }

    private static bool HasSameTimetable(ScheduleDefinition one, ScheduleDefinition other) =>
        (one.Cron, one.Every, one.TimeZone) == (other.Cron, other.Every, other.TimeZone);
}
