using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Operations;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The engine deletes workflows whose retention is over.</summary>
public sealed class RetentionTests
{
    /// <summary>Long, because every poll within an advance of the virtual clock really runs.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Follows from the random number of the harness.</summary>
    private const double RandomPart = 0.875;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StoreKind> Kinds => [StoreKind.InMemory, StoreKind.Sqlite];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Each_final_status_is_kept_as_long_as_the_settings_say(StoreKind kind)
    {
        await using var scene = await Scene.StartAsync(kind);
        var finished = await scene.EndedAsync("Plain", WorkflowStatus.Finished);
        var failed = await scene.EndedAsync("Plain", WorkflowStatus.Failed);
        var error = await scene.EndedAsync("Plain", WorkflowStatus.Error);
        var cancelled = await scene.EndedAsync("Plain", WorkflowStatus.Cancelled);
        long[] all = [finished, failed, error, cancelled];

        await scene.PassAsync(TimeSpan.FromDays(29));
        Assert.Equal(all, await scene.KeptAsync());

        await scene.PassAsync(TimeSpan.FromDays(1));
        Assert.Equal([failed, error, cancelled], await scene.KeptAsync());

        await scene.PassAsync(TimeSpan.FromDays(59));
        Assert.Equal([failed, error, cancelled], await scene.KeptAsync());

        await scene.PassAsync(TimeSpan.FromDays(1));
        Assert.Empty(await scene.KeptAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Zero_keeps_workflows_forever(StoreKind kind)
    {
        await using var scene = await Scene.StartAsync(
            kind,
            new EngineOptions
            {
                RetentionFinished = TimeSpan.Zero,
                RetentionFailed = TimeSpan.FromDays(1),
                RetentionCancelled = TimeSpan.Zero,
            }
        );
        var finished = await scene.EndedAsync("Plain", WorkflowStatus.Finished);
        await scene.EndedAsync("Plain", WorkflowStatus.Error);
        var cancelled = await scene.EndedAsync("Plain", WorkflowStatus.Cancelled);

        await scene.PassAsync(TimeSpan.FromDays(100));

        Assert.Equal([finished, cancelled], await scene.KeptAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_retention_of_a_definition_overrides_the_settings(StoreKind kind)
    {
        await using var scene = await Scene.StartAsync(kind);
        await scene.EndedAsync("Brief", WorkflowStatus.Finished);
        var failed = await scene.EndedAsync("Brief", WorkflowStatus.Failed);
        var cancelled = await scene.EndedAsync("Brief", WorkflowStatus.Cancelled);
        var plain = await scene.EndedAsync("Plain", WorkflowStatus.Finished);

        await scene.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal([failed, cancelled, plain], await scene.KeptAsync());

        await scene.PassAsync(TimeSpan.FromDays(100));
        Assert.Equal([failed], await scene.KeptAsync());
    }

    /// <summary>Another process has saved it, and this process does not have its code.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public async Task The_newest_saved_version_decides(StoreKind kind)
    {
        await using var scene = await Scene.StartAsync(kind);
        await scene.EndedAsync("Plain", WorkflowStatus.Finished);
        var newer = WorkflowDefinitionBuilder
            .Named("Plain")
            .Start("New", _ => NextState.GoTo("Done"), ["Done"])
            .End("Done")
            .Retention(Retention.Of(TimeSpan.FromHours(2)))
            .Build();
        await scene.Store.SaveDefinitionsAsync(
            [DefinitionRecord.Of(newer, scene.Now)],
            scene.Now + TimeSpan.FromSeconds(1),
            Stop
        );

        await scene.PassAsync(TimeSpan.FromHours(1));
        Assert.Single(await scene.KeptAsync());

        await scene.PassAsync(TimeSpan.FromHours(1));
        Assert.Empty(await scene.KeptAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task One_pass_deletes_more_than_one_batch(StoreKind kind)
    {
        const int workflows = 1201;
        var hour = TimeSpan.FromHours(1);
        await using var scene = await Scene.StartAsync(kind, new EngineOptions { RetentionFinished = hour });
        await scene.EndedManyAsync(workflows);
        var other = await scene.EndedAsync("Plain", WorkflowStatus.Failed);

        await scene.PassAsync(hour);

        Assert.Equal([other], await scene.KeptAsync());
        Assert.Contains(scene.Logs.Lines, line => line.Contains($"{workflows} workflows", StringComparison.Ordinal));
    }

    /// <summary>Workflows skipped because they were still needed are checked again within a day.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public async Task A_child_is_deleted_only_after_its_parent_has_ended(StoreKind kind)
    {
        await using var scene = await Scene.StartAsync(kind);
        var parent = await scene.Engine.CreateAsync("Parent");
        await scene.Engine.UntilAsync(parent, row => row is { State: "Wait", Status: WorkflowStatus.InProgress });
        var child = (await scene.Store.ChildrenAsync(new ChildSearch(parent), Stop))[0].Id;
        await scene.Engine.UntilAsync(child, WorkflowStatus.Finished);

        await scene.PassAsync(TimeSpan.FromDays(40));
        Assert.Equal([parent, child], await scene.KeptAsync());

        await scene.CancelAsync(parent);
        await scene.PassAsync(TimeSpan.FromDays(1));
        Assert.Equal([parent], await scene.KeptAsync());
    }

    [Fact]
    public async Task One_executor_holds_the_cleaner_role_until_it_stops()
    {
        await using var scene = await Scene.StartAsync(StoreKind.Sqlite);
        await scene.PassAsync(Interval);
        var role = new RoleClaim("cleaner", scene.Engine.ExecutorId + 1000, TimeSpan.FromMinutes(1));

        Assert.False(await scene.Store.TakeRoleAsync(role, Stop));
        await scene.Engine.StopAsync();
        scene.Turn(4 * Interval);
        Assert.True(await scene.Store.TakeRoleAsync(role, Stop));
    }

    [Fact]
    public async Task An_executor_without_the_cleaner_role_deletes_nothing()
    {
        await using var scene = await Scene.StartAsync(StoreKind.Sqlite);
        var id = await scene.EndedAsync("Plain", WorkflowStatus.Finished);
        await scene.Store.TakeRoleAsync(new RoleClaim("cleaner", 4711, TimeSpan.FromDays(40)), Stop);

        await scene.PassAsync(TimeSpan.FromDays(35));
        Assert.Equal([id], await scene.KeptAsync());

        await scene.PassAsync(TimeSpan.FromDays(6));
        Assert.Empty(await scene.KeptAsync());
    }

    /// <summary>An engine with some definitions, and waits for its cleaner.</summary>
    private sealed class Scene(EngineHarness engine, TestStore database, VirtualClock clock) : IAsyncDisposable
    {
        private int created;

        public EngineHarness Engine => engine;

        public IWorkflowStore Store => engine.Store;

        public DateTimeOffset Now => clock.GetUtcNow();

        public required LogCollector Logs { get; init; }

        public static async Task<Scene> StartAsync(StoreKind kind, EngineOptions? options = null)
        {
            var clock = new VirtualClock();
            var database = await TestStore.OpenAsync(kind, clock);
            var logs = new LogCollector();
            var engine = await EngineHarness.StartAsync(
                database,
                clock,
                register =>
                    register
                        .AddDefinition(Definition("Plain", Retention.FromSettings))
                        .AddDefinition(
                            Definition(
                                "Brief",
                                new Retention { Finished = TimeSpan.FromHours(1), Failed = TimeSpan.Zero }
                            )
                        )
                        .AddDefinition(Parent),
                (options ?? new EngineOptions()) with
                {
                    CheckDbInterval = TimeSpan.FromHours(1),
                    StuckWorkflowsInterval = TimeSpan.FromHours(1),
                    RetentionInterval = Interval,
                },
                logs
            );
            return new Scene(engine, database, clock) { Logs = logs };
        }

        /// <summary>Runs a workflow to its end.</summary>
        public async Task<long> EndedAsync(string type, WorkflowStatus status)
        {
            var variables = new Variables();
            variables.Set("status", status.ToName());
            var id = await Engine.CreateAsync(type, $"{++created}", variables);
            if (status == WorkflowStatus.Cancelled)
            {
                await Engine.UntilAsync(id, WorkflowStatus.Waiting);
                await CancelAsync(id);
            }

            await Engine.UntilAsync(id, status);
            return id;
        }

        public async Task EndedManyAsync(int count)
        {
            var ids = await Task.WhenAll(
                Enumerable.Range(1, count).Select(number => Engine.CreateAsync("Plain", $"many-{number}"))
            );
            foreach (var id in ids)
            {
                await Engine.UntilAsync(id, WorkflowStatus.Finished);
            }
        }

        public Task<CancelResult> CancelAsync(long id) =>
            Engine.Interventions.CancelAsync(new CancelWorkflow { WorkflowId = id, Actor = "ann" }, Stop);

        public void Turn(TimeSpan by) => clock.Advance(by);

        /// <summary>
        /// Advances the clock, and then three more intervals, so that the cleaner has checked what is due. An executor whose lease has
        /// expired meanwhile registers again first.
        /// </summary>
        public async Task PassAsync(TimeSpan by)
        {
            await CleanedAsync();
            clock.Advance(by);
            for (var turn = 0; turn < 3; turn++)
            {
                await CleanedAsync();
                clock.Advance(Interval);
            }

            await CleanedAsync();
        }

        /// <summary>
        /// Waits until the cleaner has ended its pass. If the clock was advanced during a batch, the cleaner takes that for the duration
        /// of the batch, and pauses.
        /// </summary>
        private async Task CleanedAsync()
        {
            var began = TimeProvider.System.GetTimestamp();
            while (!clock.HasBegun(Interval * RandomPart))
            {
                if (clock.HasBegun(Cleaner.LongestPause))
                {
                    clock.Advance(Cleaner.LongestPause);
                }

                Assert.True(
                    TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30),
                    "The cleaner does not finish its pass."
                );
                await Task.Yield();
            }

            await engine.RestAsync();
        }

        public async Task<IReadOnlyList<long>> KeptAsync() =>
            [
                .. (await Store.SearchAsync(new WorkflowSearch { Limit = 10_000 }, Stop))
                    .Workflows.Select(row => row.Id)
                    .Order(),
            ];

        public async ValueTask DisposeAsync()
        {
            await engine.DisposeAsync();
            await database.DisposeAsync();
        }

        private static WorkflowDefinition Definition(string name, Retention retention) =>
            WorkflowDefinitionBuilder
                .Named(name)
                .Retry(RetryPolicy.None)
                .Retention(retention)
                .Start(
                    "Start",
                    step =>
                        step.Variables.Get("status", "FINISHED") switch
                        {
                            "FAILED" => throw new InvalidOperationException("broken"),
                            "ERROR" => NextState.GoTo("Broken"),
                            "CANCELLED" => NextState.GoTo("Ask"),
                            _ => NextState.GoTo("Done"),
                        },
                    ["Done", "Broken", "Ask"]
                )
                .Manual("Ask", "Done")
                .Error("Broken")
                .End("Done")
                .Build();

        private static WorkflowDefinition Parent { get; } =
            WorkflowDefinitionBuilder
                .Named("Parent")
                .Start(
                    "Start",
                    _ =>
                        NextState.GoTo("Wait").After(TimeSpan.FromDays(1000)).Spawn(new ChildRequest("Plain", "child")),
                    ["Wait"]
                )
                .State("Wait", _ => NextState.GoTo("Done"), ["Done"])
                .End("Done")
                .Build();
    }
}
