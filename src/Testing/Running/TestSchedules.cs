using GopherFlow.Operations;
using GopherFlow.Operations.Schedules;
using GopherFlow.Storage;

namespace GopherFlow.Testing.Running;

/// <summary>The schedules of a test.</summary>
internal sealed class TestSchedules(
    IScheduleStore rows,
    ScheduleRunner runner,
    ScheduleFaults faults,
    DeclaredSchedules declared,
    TimeProvider clock
)
{
    /// <summary>When the next schedule is due after the current instant; null when there is none.</summary>
    public DateTimeOffset? NextDue =>
        rows.NextScheduleDueAsync(clock.GetUtcNow(), CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>The schedules that are due at the current instant.</summary>
    public IReadOnlyList<(string Name, long Revision)> DueNow
    {
        get
        {
            var now = clock.GetUtcNow();
            return
            [
                .. rows.DueSchedulesAsync(now, new ScheduleSearch(int.MaxValue), CancellationToken.None)
                    .GetAwaiter()
                    .GetResult()
                    .Where(schedule => schedule.Position.NextDue <= now)
                    .Select(schedule => (schedule.Name, schedule.Revision)),
            ];
        }
    }

    /// <summary>Runs the schedules until it is stopped.</summary>
    public Task RunAsync(CancellationToken stop) => runner.RunAsync(stop);

    /// <summary>Makes the engine check the schedules now.</summary>
    public void PollNow() => runner.PollNow();

    /// <summary>
    /// Throws if a declared schedule is invalid. An application only logs this, but a test would wait for its runs in vain.
    /// </summary>
    /// <exception cref="ArgumentException">A declared schedule is invalid.</exception>
    public async Task RejectFaultyAsync()
    {
        foreach (var (name, definition) in declared.All)
        {
            try
            {
                await faults.RejectAsync(name, definition, CancellationToken.None);
            }
            catch (RejectedRequestException rejection)
            {
                throw new ArgumentException($"The schedule '{name}' is invalid. {rejection.Message}", rejection);
            }
        }
    }
}
