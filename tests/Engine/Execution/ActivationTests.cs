using GopherFlow.Authoring;
using GopherFlow.Settings;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>When the next state runs.</summary>
public sealed class ActivationTests
{
    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_next_state_runs_after_a_duration(StoreKind kind)
    {
        await using var engine = await StartAsync(kind, next => next.After(TimeSpan.FromMinutes(10)));

        var id = await engine.CreateAsync("W");
        var parked = await engine.UntilAsync(id, WorkflowStatus.InProgress);
        Assert.Equal(("Second", engine.Clock.GetUtcNow().AddMinutes(10)), (parked.State, parked.NextActivation));
        Assert.Equal("SCHEDULE_ACTIVATION Second: 2026-01-01T00:10:00Z", (await engine.HistoryAsync(id))[^1]);

        engine.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(WorkflowStatus.InProgress, (await engine.FindAsync(id)).Status);
        engine.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_next_state_runs_at_an_instant_in_another_time_zone(StoreKind kind)
    {
        var instant = new DateTimeOffset(2026, 1, 1, 5, 30, 0, TimeSpan.FromHours(5));
        await using var engine = await StartAsync(kind, next => next.At(instant));

        var id = await engine.CreateAsync("W");
        var parked = await engine.UntilAsync(id, WorkflowStatus.InProgress);
        Assert.Equal(instant, parked.NextActivation);

        engine.Clock.Advance(TimeSpan.FromMinutes(30));
        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    public async Task A_delay_that_is_not_positive_runs_at_once(int seconds)
    {
        await using var engine = await StartAsync(
            StoreKind.InMemory,
            next => next.After(TimeSpan.FromSeconds(seconds))
        );

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.DoesNotContain(
            await engine.HistoryAsync(id),
            entry => entry.StartsWith("SCHEDULE_ACTIVATION", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_delay_beyond_the_calendar_ends_at_its_last_instant()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite, next => next.After(TimeSpan.MaxValue));

        var id = await engine.CreateAsync("W");

        Assert.Equal(9999, (await engine.UntilAsync(id, WorkflowStatus.InProgress)).NextActivation!.Value.Year);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_final_state_can_be_delayed(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Done").After(TimeSpan.FromHours(1))))
        );

        var id = await engine.CreateAsync("W");
        Assert.Equal("Done", (await engine.UntilAsync(id, WorkflowStatus.InProgress)).State);
        engine.Clock.Advance(TimeSpan.FromHours(1));
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("END Done: workflow complete", (await engine.HistoryAsync(id))[^1]);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_workflow_created_for_later_begins_at_that_time(StoreKind kind)
    {
        await using var engine = await StartAsync(kind, next => next);
        var created = await engine.Operations.CreateAsync(
            new()
            {
                ExternalId = "later",
                WorkflowType = "W",
                BusinessKey = "k",
                NextActivation = engine.Clock.GetUtcNow().AddDays(3),
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(WorkflowStatus.New, (await engine.FindAsync(created.Id)).Status);
        engine.Clock.Advance(TimeSpan.FromDays(3));
        await engine.UntilAsync(created.Id, WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Workflows_beyond_the_free_slots_wait_in_the_store_and_all_run(StoreKind kind)
    {
        await using var engine = await StartAsync(
            kind,
            next => next,
            new EngineOptions { ExecutorSize = 2, BatchSize = 3 }
        );

        var ids = new List<long>();
        for (var number = 0; number < 50; number++)
        {
            ids.Add(await engine.CreateAsync("W", $"w{number}"));
        }

        foreach (var id in ids)
        {
            await engine.UntilAsync(id, WorkflowStatus.Finished);
        }
    }

    [Fact]
    public async Task A_workflow_inserted_by_another_process_is_found_by_polling()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.Sqlite, clock);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.Trivial("W"))
        );
        await using var another = await store.OpenAnotherAsync();
        var written = await another.WriteAsync(
            new(
                [
                    new()
                    {
                        ExternalId = "from afar",
                        WorkflowType = "W",
                        Version = Machines.Version,
                        BusinessKey = "k",
                        ExecutorGroup = "default",
                        State = "Work",
                        NextActivation = clock.GetUtcNow(),
                    },
                ],
                [],
                ExecutorId: 99,
                clock.GetUtcNow()
            ),
            TestContext.Current.CancellationToken
        );

        clock.Advance(new EngineOptions().CheckDbInterval);

        await engine.UntilAsync(written.Creates[0].Id, WorkflowStatus.Finished);
    }

    private static Task<EngineHarness> StartAsync(
        StoreKind kind,
        Func<NextState, NextState> when,
        EngineOptions? options = null
    ) =>
        EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        _ => Task.FromResult(when(NextState.GoTo("Second"))),
                        _ => Task.FromResult(NextState.GoTo("Done"))
                    )
                ),
            options
        );
}
