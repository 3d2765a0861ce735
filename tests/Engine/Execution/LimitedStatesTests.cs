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
    public async Task A_request_for_a_free_state_does_not_wait_for_a_full_one()
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

        // The clock does not advance, so only the request itself can trigger the granter.
        await engine.UntilAsync(other, WorkflowStatus.Finished);
        Assert.Equal(WorkflowStatus.InProgress, (await engine.FindAsync(waiting)).Status);
    }

    /// <summary>A released permit is only noticed while a workflow waits for one. Otherwise the next request must not wait.</summary>
    [Fact]
    public void A_state_counts_as_full_only_while_a_workflow_waits_for_it()
    {
        var type = new LimitedType();

        type.BeginClaim(TimeSpan.Zero);
        type.Settle((Any: true, OfType: false), hasWaiters: true, (All: false, States: ["Pay"]));
        Assert.Equal((true, false, true), (type.IsFullIn("Pay"), type.IsFullIn("Ship"), type.HasFullStates));

        type.BeginClaim(TimeSpan.Zero);
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
