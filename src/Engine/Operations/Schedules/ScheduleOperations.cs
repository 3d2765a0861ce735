using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Schedules;

/// <summary>What people do with schedules. Thread-safe; one for the process.</summary>
public sealed class ScheduleOperations
{
    private readonly IScheduleStore schedules;
    private readonly Executor executor;
    private readonly ScheduleRunner runner;
    private readonly ScheduleRuns runs;
    private readonly ScheduleFaults faults;
    private readonly DeclaredSchedules declared;
    private readonly TimeProvider clock;

    internal ScheduleOperations(
        IScheduleStore schedules,
        Executor executor,
        ScheduleRunner runner,
        ScheduleRuns runs,
        ScheduleFaults faults,
        DeclaredSchedules declared
    )
    {
        this.schedules = schedules;
        this.executor = executor;
        this.runner = runner;
        this.runs = runs;
        this.faults = faults;
        this.declared = declared;
        clock = executor.Clock;
    }

    /// <summary>One schedule, or null.</summary>
    public Task<ScheduleRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        schedules.FindScheduleAsync(name, cancellation);

    /// <summary>A page of schedules, sorted by name.</summary>
    /// <param name="limit">The most schedules in the page.</param>
    /// <param name="afterName">Only schedules whose name comes after this one: where the page before this one ended.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<ScheduleRecord>> ListAsync(
        int limit = 50,
        string? afterName = null,
        CancellationToken cancellation = default
    ) => schedules.SchedulesAsync(new ScheduleSearch(limit, afterName), cancellation);

    /// <summary>A page of the workflows that a schedule has created and that are still kept, those due last first.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="limit">The most runs in the page.</param>
    /// <param name="beforeExternalId">Only external ids that come before this one: where the page before this one ended.</param>
    /// <param name="cancellation">Ends the wait.</param>
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

    /// <summary>When a schedule is due next, as it stands; empty while it is paused.</summary>
    public static IReadOnlyList<DateTimeOffset> NextDue(ScheduleRecord schedule, int count)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return schedule.Position.NextDue is { } next && count > 0
            ? [next, .. Timetable.Of(schedule.Definition).NextAfter(next, count - 1)]
            : [];
    }

    /// <summary>When a schedule that is not stored would be due, from now on.</summary>
    /// <exception cref="RejectedRequestException">Its timetable is faulty.</exception>
    public IReadOnlyList<DateTimeOffset> Preview(ScheduleDefinition schedule, int count)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        RequestFaults.Reject([.. ScheduleFaults.OfTimetable(schedule)]);
        return [.. Timetable.Of(schedule).NextAfter(clock.Now(), count)];
    }

    /// <summary>Stores a new schedule. It is due for the first time after now.</summary>
    /// <exception cref="RejectedRequestException">A field is faulty; nothing is stored.</exception>
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

        runner.LookNow();
        return new ScheduleResult(ScheduleVerdict.Done, schedule);
    }

    /// <summary>Changes a schedule. Its counts, its queue and its pause stay; with another timetable it is due next after now.</summary>
    /// <exception cref="RejectedRequestException">A field is faulty; nothing is stored.</exception>
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

    /// <summary>Pauses a schedule: nothing of it is due until it is resumed. Runs that have been created continue.</summary>
    public Task<ScheduleResult> PauseAsync(string name, string actor, CancellationToken cancellation = default) =>
        PauseAsync(name, isPaused: true, actor, cancellation);

    /// <summary>Resumes a schedule. What would have been due in the meantime is not made up for.</summary>
    public Task<ScheduleResult> ResumeAsync(string name, string actor, CancellationToken cancellation = default) =>
        PauseAsync(name, isPaused: false, actor, cancellation);

    /// <summary>
    /// Starts a run now, whatever is due, whether or not the schedule is paused or another run has not ended. It counts as a run of the
    /// schedule for what is due later.
    /// </summary>
    /// <exception cref="RejectedRequestException">Nobody has the definition, or it is disabled.</exception>
    public async Task<ScheduleResult> TriggerAsync(string name, string actor, CancellationToken cancellation = default)
    {
        while (await FindAsync(name, cancellation) is { } schedule)
        {
            var now = clock.Now();
            if (await runs.TriggeredAsync(schedule, now, actor, cancellation) is not { } run)
            {
                throw new RejectedRequestException([
                    new FieldFault("workflowType", schedule.Definition.WorkflowType, "a definition that is enabled"),
                ]);
            }

            var result = await schedules.WriteScheduleAsync(
                new ScheduleWrite(schedule.Revision, schedule, [run], now),
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

    /// <summary>
    /// Deletes a schedule. Its runs stay. One that is declared in the code of this application would come back with its next start, so it
    /// is refused.
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

    /// <summary>Writes what a change makes of a schedule; the same schedule is nothing to write, and null is refused.</summary>
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
                runner.LookNow();
                return new ScheduleResult(ScheduleVerdict.Done, written);
            }
        }

        return ScheduleResult.NotFound;
    }

    private static bool HasSameTimetable(ScheduleDefinition one, ScheduleDefinition other) =>
        (one.Cron, one.Every, one.TimeZone) == (other.Cron, other.Every, other.TimeZone);
}
