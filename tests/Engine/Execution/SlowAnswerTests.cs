using GopherFlow.Authoring;
using GopherFlow.Settings;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>A late answer of the store loses nothing.</summary>
public sealed class SlowAnswerTests
{
    private static readonly EngineOptions Options = new() { StuckWorkflowsInterval = TimeSpan.FromSeconds(1) };

    private readonly VirtualClock clock = new();

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_claim_is_not_released_while_its_answer_is_in_flight(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(kind, clock);
        var claimed = NewSignal();
        var answer = NewSignal();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Claim = async (_, claim) =>
            {
                var result = await claim();
                if (result.Claimed.Count > 0)
                {
                    claimed.TrySetResult();
                    await answer.Task;
                }

                return result;
            },
        };
        var runs = 0;
        await using var engine = await StartAsync(store, intercepted, () => runs++);
        var created = await engine.Operations.CreateAsync(
            new()
            {
                ExternalId = "x",
                WorkflowType = "W",
                BusinessKey = "k",
                NextActivation = engine.Clock.GetUtcNow() + Options.StuckWorkflowsInterval,
            },
            TestContext.Current.CancellationToken
        );
        await engine.Clock.AdvanceWhenAwaitedAsync(Options.StuckWorkflowsInterval);
        await claimed.Task;

        try
        {
            await FourRoundsAsync(engine);
        }
        finally
        {
            answer.SetResult();
        }

        var done = await engine.UntilAsync(created.Id, WorkflowStatus.Finished);
        Assert.Equal((1L, 1), (done.Lease, runs));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_workflow_created_as_claimed_is_not_released_while_the_answer_is_in_flight(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(kind, clock);
        var created = NewSignal();
        var answer = NewSignal();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Write = async (batch, write) =>
            {
                var result = await write();
                if (batch.Creates.Any(create => create.ClaimedBy is not null))
                {
                    created.TrySetResult();
                    await answer.Task;
                }

                return result;
            },
        };
        var runs = 0;
        await using var engine = await StartAsync(store, intercepted, () => runs++);
        await engine.RestAsync();
        var creating = engine.CreateAsync("W");
        await created.Task;

        try
        {
            await FourRoundsAsync(engine);
        }
        finally
        {
            answer.SetResult();
        }

        var done = await engine.UntilAsync(await creating, WorkflowStatus.Finished);
        Assert.Equal((1L, 1), (done.Lease, runs));
    }

    private static async Task FourRoundsAsync(EngineHarness engine)
    {
        for (var round = 0; round < 4; round++)
        {
            await engine.Clock.AdvanceWhenAwaitedAsync(Options.StuckWorkflowsInterval);
        }

        await engine.Clock.AwaitedAsync(Options.StuckWorkflowsInterval);
    }

    private Task<EngineHarness> StartAsync(TestStore store, InterceptedStore intercepted, Action ran) =>
        EngineHarness.StartAsync(
            store,
            clock,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        _ =>
                        {
                            ran();
                            return NextState.GoTo("Done");
                        }
                    )
                ),
            Options,
            wrapped: intercepted
        );

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
