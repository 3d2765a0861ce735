using GopherFlow.Authoring;
using GopherFlow.Operations.Schedules;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Schedules;

/// <summary>Schedules that are due but cannot start their workflows.</summary>
public sealed class StuckScheduleTests
{
    /// <summary>More than two pages of schedules.</summary>
    private const int Stuck = 250;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stuck_schedules_do_not_block_others()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var now = clock.GetUtcNow();
        for (var number = 0; number < Stuck; number++)
        {
            await store.Schedules.CreateScheduleAsync(
                DueAt(now.AddSeconds(-1), $"a{number:d3}", workflowType: "Unknown"),
                Stop
            );
        }

        await store.Schedules.CreateScheduleAsync(DueAt(now, "last", workflowType: "Ends"), Stop);
        await using var engine = await EngineHarness.StartAsync(store, clock, registration => registration.AddRuns());

        await engine.RestAsync();

        var last = await engine.Schedules.FindAsync("last", Stop);
        Assert.Equal(1, last!.Position.CreatedCount);
        var stuck = await engine.Schedules.FindAsync("a000", Stop);
        Assert.Equal((0, now.AddSeconds(-1)), (stuck!.Position.CreatedCount, stuck.Position.NextDue));
    }

    [Fact]
    public async Task A_schedule_without_a_definition_is_logged_once_until_it_changes()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        using var logs = new LogCollector();
        await store.Schedules.CreateScheduleAsync(DueAt(clock.GetUtcNow(), "stuck", workflowType: "Unknown"), Stop);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            registration => registration.AddRuns(),
            loggers: logs
        );
        await EngineHarness.UntilLoggedAsync(logs, "'stuck' is due");
        await PollAgainAsync();
        await PollAgainAsync();
        Assert.Equal(1, Warnings());

        var stuck = await engine.Schedules.FindAsync("stuck", Stop);
        await store.Schedules.WriteScheduleAsync(
            new ScheduleWrite(stuck!.Revision, stuck with { ChangedBy = "bob" }, [], clock.GetUtcNow()),
            Stop
        );
        await PollAgainAsync();
        await PollAgainAsync();

        Assert.Equal(2, Warnings());

        async Task PollAgainAsync()
        {
            await engine.RestAsync();
            clock.Advance(ScheduleRunner.LookInterval);
            await engine.RestAsync();
        }

        int Warnings() => logs.Lines.Count(line => line.Contains("'stuck' is due", StringComparison.Ordinal));
    }

    private static ScheduleRecord DueAt(DateTimeOffset due, string name, string workflowType) =>
        new()
        {
            Name = name,
            Definition = new ScheduleDefinition { WorkflowType = workflowType, Cron = "* * * * *" },
            CreatedBy = "ann",
            Created = due,
            ChangedBy = "ann",
            Changed = due,
            Position = new SchedulePosition { NextDue = due },
        };
}
