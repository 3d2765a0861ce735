using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Telemetry;

/// <summary>The metrics of an executor.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Steps_are_counted_by_type_state_and_outcome()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                        Machines.TwoStates(
                            "Good",
                            step => Task.FromResult(NextState.GoTo("Second").Spawn(new ChildRequest("Bad", "child"))),
                            _ => Task.FromResult(NextState.GoTo("Done"))
                        )
                    )
                    .AddDefinition(
                        Machines.OneState(
                            "Bad",
                            _ => throw new NotRetryableException("no"),
                            RetryPolicy.Linear(1, TimeSpan.FromHours(1), TimeSpan.FromHours(1))
                        )
                    )
        );
        using var measured = new Measured(engine.Meter);

        await engine.CreateAsync("Good");
        await measured.UntilAsync("gopherflow.workflows.ended status=FINISHED workflow_type=Good", 1);
        await measured.UntilAsync("gopherflow.workflows.ended status=FAILED workflow_type=Bad", 1);

        Assert.Equal(1, measured["gopherflow.steps outcome=succeeded state=First workflow_type=Good"]);
        Assert.Equal(1, measured["gopherflow.steps outcome=succeeded state=Second workflow_type=Good"]);
        Assert.Equal(1, measured["gopherflow.steps outcome=failed state=Work workflow_type=Bad"]);
        Assert.Equal(1, measured["gopherflow.workflows.created workflow_type=Good"]);
        Assert.Equal(1, measured["gopherflow.workflows.created workflow_type=Bad"]);
        Assert.NotNull(measured["gopherflow.step.duration state=First workflow_type=Good"]);
        Assert.True(measured["gopherflow.commit.batch_size"] >= 4);
    }

    [Fact]
    public async Task The_lag_of_a_late_claim_is_measured()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "Late",
                        _ => Task.FromResult(NextState.GoTo("Second").After(TimeSpan.FromSeconds(10))),
                        _ => Task.FromResult(NextState.GoTo("Done"))
                    )
                )
        );
        using var measured = new Measured(engine.Meter);
        var id = await engine.CreateAsync("Late");
        await engine.UntilAsync(id, workflow => workflow.NextActivation is not null);
        await engine.RestAsync();

        engine.Clock.Advance(TimeSpan.FromSeconds(12));

        // Due after ten seconds. The claim happens while the clock is advanced, or after that.
        Assert.InRange(await measured.FirstAsync("gopherflow.claim.lag workflow_type=Late"), 0, 2);
    }

    [Fact]
    public async Task The_database_is_read_on_demand_and_at_most_every_five_seconds()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var counting = new CountingStore(store.Workflows);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.Trivial("W")),
            wrapped: counting
        );
        using var measured = new Measured(engine.Meter);
        Assert.Equal(0, counting.Looks);

        measured.Look();
        measured.Look();
        await engine.Backlog.LookAsync(CancellationToken.None);
        Assert.Equal(1, counting.Looks);
        clock.Advance(TimeSpan.FromSeconds(5));
        await engine.Backlog.LookAsync(CancellationToken.None);
        measured.Look();

        Assert.Equal(2, counting.Looks);
        Assert.Equal(0, counting.LooksAtPermits);
    }

    [Fact]
    public async Task Waits_for_permits_are_reported_by_type_and_state()
    {
        var goOn = new TaskCompletionSource<NextState>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("Narrow")
                        .Concurrency(1)
                        .Start("Work", _ => goOn.Task, goesTo: ["Done"])
                        .End("Done")
                        .Build()
                )
        );
        using var measured = new Measured(engine.Meter);
        var first = await engine.CreateAsync("Narrow");
        await engine.UntilAsync(first, workflow => workflow.Status == WorkflowStatus.Executing);
        await engine.CreateAsync("Narrow", "two");
        await engine.CreateAsync("Narrow", "three");
        engine.Clock.Advance(TimeSpan.FromSeconds(30));

        await engine.Backlog.LookAsync(CancellationToken.None);
        measured.Look();

        Assert.Equal(2, measured["gopherflow.permits.waiting state=Work workflow_type=Narrow"]);
        Assert.Equal(30, measured["gopherflow.permits.oldest state=Work workflow_type=Narrow"]);
        goOn.SetResult(NextState.GoTo("Done"));
    }

    [Fact]
    public async Task The_backlog_is_reported_by_type_status_and_group()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Work").After(TimeSpan.FromSeconds(100))))
        );
        using var measured = new Measured(engine.Meter);
        var parked = await engine.CreateAsync("W");
        await engine.UntilAsync(parked, workflow => workflow.NextActivation is not null);
        await engine.Operations.CreateAsync(
            new CreateWorkflow
            {
                ExternalId = "elsewhere",
                WorkflowType = "W",
                BusinessKey = "test",
                ExecutorGroup = "somebody's secret",
            },
            CancellationToken.None
        );
        engine.Clock.Advance(TimeSpan.FromSeconds(30));

        await engine.Backlog.LookAsync(CancellationToken.None);
        measured.Look();

        Assert.Equal(1, measured["gopherflow.workflows status=NEW workflow_type=W"]);
        Assert.Equal(1, measured["gopherflow.workflows status=IN_PROGRESS workflow_type=W"]);
        Assert.Equal(0, measured["gopherflow.due.oldest executor_group=default workflow_type=W"]);
        Assert.Equal(30, measured["gopherflow.due.oldest executor_group=(no executor) workflow_type=W"]);
        Assert.Equal(1, measured["gopherflow.executors.alive"]);
        Assert.Equal(1, measured["gopherflow.health check=database"]);
    }

    [Fact]
    public async Task An_unresponsive_database_costs_readiness_at_once_and_the_lease_later()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var isAway = false;
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Heartbeat = (_, send) => isAway ? throw new TimeoutException() : send(),
            Register = enter => isAway ? throw new TimeoutException() : enter(),
        };
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.Trivial("W")),
            new EngineOptions { Lease = TimeSpan.FromSeconds(12.3) },
            wrapped: intercepted
        );
        using var measured = new Measured(engine.Meter);
        isAway = true;

        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(4.1));
        await clock.AwaitedAsync(TimeSpan.FromSeconds(4.1));

        Assert.Equal(["The database has not answered the last heartbeat."], engine.Health.Reasons);
        measured.Look();
        Assert.Equal(0, measured["gopherflow.health check=database"]);
        Assert.Equal(1, measured["gopherflow.health check=lease"]);
        clock.Advance(TimeSpan.FromSeconds(6));
        await measured.UntilAsync("gopherflow.leases.lost", 1);
        isAway = false;
        await clock.BegunAsync(TimeSpan.FromSeconds(4.1));
        clock.Advance(TimeSpan.FromSeconds(4.1));
    }

    private sealed class CountingStore(IWorkflowStore inner) : DelegatingStore(inner)
    {
        private int looks;

        private int looksAtPermits;

        public int Looks => Volatile.Read(ref looks);

        public int LooksAtPermits => Volatile.Read(ref looksAtPermits);

        public override Task<IReadOnlyList<PermitQueue>> PermitQueuesAsync(
            PermitQueueSearch search,
            CancellationToken cancellation
        )
        {
            Interlocked.Increment(ref looksAtPermits);
            return base.PermitQueuesAsync(search, cancellation);
        }

        public override Task<IReadOnlyList<FirstDue>> FirstDueAsync(
            IReadOnlyList<DefinitionKey> definitions,
            CancellationToken cancellation
        )
        {
            Interlocked.Increment(ref looks);
            return base.FirstDueAsync(definitions, cancellation);
        }
    }
}
