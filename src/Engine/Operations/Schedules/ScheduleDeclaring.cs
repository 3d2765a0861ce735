using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Operations.Schedules;

/// <summary>
/// Stores schedules that are declared in code, if they are new or have changed. Their definitions need not exist yet, because scripts are
/// compiled after the application has started.
/// </summary>
internal sealed class ScheduleDeclaring(
    DeclaredSchedules declared,
    IScheduleStore schedules,
    ScheduleFaults faults,
    ILogger<ScheduleDeclaring> log
)
{
    /// <summary>The actor of schedules declared in code.</summary>
    public const string Actor = "code:declared";

    /// <summary>Stores all declared schedules. Invalid ones are logged and skipped.</summary>
    public async Task SaveAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var schedule in declared.All)
        {
            try
            {
                faults.Reject(schedule.Name, schedule.Definition);
                while (!await TrySaveAsync(schedule, now, cancellation)) { }
            }
            catch (RejectedRequestException fault)
            {
                log.ScheduleRejected(schedule.Name, fault.Message);
            }
        }
    }

    /// <returns>False if another process has changed the schedule meanwhile.</returns>
    private async Task<bool> TrySaveAsync(DeclaredSchedule schedule, DateTimeOffset now, CancellationToken cancellation)
    {
        var stored = await schedules.FindScheduleAsync(schedule.Name, cancellation);
        if (stored?.Declared == schedule.Hash)
        {
            return true;
        }

        var saved = (
            stored
            ?? new ScheduleRecord
            {
                Name = schedule.Name,
                Definition = schedule.Definition,
                CreatedBy = Actor,
                Created = now,
                ChangedBy = Actor,
                Changed = now,
            }
        ) with
        {
            Definition = schedule.Definition,
            Declared = schedule.Hash,
            ChangedBy = Actor,
            Changed = now,
        };
        saved = saved with { Position = ScheduleRule.BeginAt(saved, now) };
        var isSaved = stored is null
            ? await schedules.CreateScheduleAsync(saved, cancellation)
            : await schedules.WriteScheduleAsync(new ScheduleWrite(stored.Revision, saved, [], now), cancellation)
                is { Schedule: not null };
        if (isSaved)
        {
            log.ScheduleDeclared(schedule.Name);
        }

        return isSaved;
    }
}
