using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Limits of single states.</summary>
public sealed class LimitedStatesTests
{
    private const string Next = "next";

    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Who_asks_for_a_state_with_room_does_not_wait_for_one_that_is_full()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            registration =>
                registration.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Concurrency(1, state: "Pay")
                        .Concurrency(5, state: "Ship")
                        .Start("Begin", step => NextState.GoTo(step.Variables[Next]!), ["Pay", "Ship"])
                        .State("Pay", PayAsync, ["Done"])
                        .State("Ship", _ => NextState.GoTo("Done"), ["Done"])
                        .End("Done")
                        .Build()
                )
        );
        await engine.CreateAsync("W", "pay 1", GoingTo("Pay"));
        await entered.Task;
        var waiting = await engine.CreateAsync("W", "pay 2", GoingTo("Pay"));
        await engine.UntilAsync(waiting, workflow => workflow.State == "Pay");
        await engine.RestAsync();

        var other = await engine.CreateAsync("W", "ship", GoingTo("Ship"));

        // The clock stands still, so only the request itself can cause a look.
        await engine.UntilAsync(other, WorkflowStatus.Finished);
        Assert.Equal(WorkflowStatus.InProgress, (await engine.FindAsync(waiting)).Status);
    }

    /// <summary>Where nobody waits, a permit that is given back is not noticed, so the next who asks must not wait for it.</summary>
    [Fact]
    public void A_state_counts_as_full_while_somebody_waits()
    {
        var type = new LimitedType();

        type.BeginLook(TimeSpan.Zero);
        type.Settle((Any: true, OfType: false), hasWaiters: true, (All: false, States: ["Pay"]));
        Assert.Equal((true, false, true), (type.IsFullIn("Pay"), type.IsFullIn("Ship"), type.HasFullStates));

        type.BeginLook(TimeSpan.Zero);
        type.Settle((Any: true, OfType: false), hasWaiters: false, (All: false, States: ["Pay"]));
        Assert.Equal((false, false), (type.IsFullIn("Pay"), type.HasFullStates));
    }

    private async Task<NextState> PayAsync(StepContext step)
    {
        entered.SetResult();
        await Task.Delay(TimeSpan.FromHours(1), step.Clock, step.Cancellation);
        return NextState.GoTo("Done");
    }

    private static Variables GoingTo(string state) => new() { [Next] = state };
}
