using GopherFlow.Operations;
using GopherFlow.Operations.Schedules;
using GopherFlow.Storage;

namespace GopherFlow.Testing.Running;

/// <summary>The schedules of a test: which of them are due, and when the next one is.</summary>
internal sealed class TestSchedules(
    IScheduleStore rows,
    ScheduleRunner runner,
    ScheduleFaults faults,
    DeclaredSchedules declared,
    TimeProvider clock
)
{
    /// <summary>When the next one is due after this instant; null when none is.</summary>
    public DateTimeOffset? NextDue =>
        rows.NextScheduleDueAsync(clock.GetUtcNow(), CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>The schedules that are due at this instant.</summary>
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

    /// <summary>Starts runs until it is stopped.</summary>
    public Task RunAsync(CancellationToken stop) => runner.RunAsync(stop);

    /// <summary>Has the engine look at them.</summary>
    public void LookNow() => runner.LookNow();

    /// <summary>An application logs a faulty schedule and continues; a test would wait for its runs in vain.</summary>
    /// <exception cref="ArgumentException">One that is declared is faulty.</exception>
    public async Task RejectFaultyAsync()
    {
        foreach (var (name, definition) in declared.All)
        {
            try
            {
                await faults.RejectAsync(name, definition, CancellationToken.None);
            }
            catch (RejectedRequestException fault)
            {
                throw new ArgumentException($"The schedule '{name}' is faulty. {fault.Message}", fault);
            }
        }
    }
}
