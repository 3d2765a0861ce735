using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>Sets up schedules, and pauses them at the end.</summary>
internal sealed class Clockwork(SimulatedWorld world, InMemoryStore rows, ScheduleWatch watch)
{
    /// <summary>The executors poll every five seconds, and their calls fail sometimes.</summary>
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(12);

    private readonly List<string> names = [];

    /// <summary>Whether all schedules are paused.</summary>
    public bool IsIdle { get; private set; }

    /// <summary>Sets up a schedule that is due every few seconds.</summary>
    public void SetUp(int number)
    {
        var schedule = new ScheduleRecord
        {
            Name = $"every-{number}",
            Definition = new ScheduleDefinition
            {
                WorkflowType = Workload.Tick,
                Every = TimeSpan.FromSeconds(world.Chance.Between(1, 4)),
                Overlap = world.Chance.One(Enum.GetValues<ScheduleOverlap>()),
                CatchUp = world.Chance.One(Enum.GetValues<ScheduleCatchUp>()),
            },
            CreatedBy = "somebody",
            Created = world.Now,
            ChangedBy = "somebody",
            Changed = world.Now,
        };
        names.Add(schedule.Name);
        var begun = schedule with { Position = ScheduleRule.BeginAt(schedule, world.Now) };
        _ = rows.Schedules.CreateScheduleAsync(begun, CancellationToken.None).Result;
    }

    /// <summary>Checks that the schedules are on time, and pauses them.</summary>
    public void Pause(Node node)
    {
        foreach (var name in names)
        {
            watch.MustBeOnTime(rows.Schedules.FindScheduleAsync(name, CancellationToken.None).Result!, WaitTimeout);
        }

        node.Schedule(async schedules =>
        {
            foreach (var name in names)
            {
                await schedules.PauseAsync(name, "somebody");
            }

            IsIdle = true;
        });
    }
}
