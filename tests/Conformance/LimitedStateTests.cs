using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Limits of single states.</summary>
public sealed class LimitedStateTests : LimitContract
{
    [Theory, OnEveryStore]
    public async Task States_are_counted_separately(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            OfKey("pay 1", "k") with
            {
                State = "Pay",
            },
            OfKey("pay 2", "k") with
            {
                State = "Pay",
            },
            OfKey("ship 1", "k") with
            {
                State = "Ship",
            },
            OfKey("ship 2", "k") with
            {
                State = "Ship",
            }
        );
        var limits = new LimitSet(
            [],
            new Dictionary<string, IReadOnlyList<WorkflowLimit>> { ["Pay"] = [WorkflowLimit.Concurrency(1)] }
        );

        var claimed = await GrantAsync(scene, limits);

        Assert.Equal(["pay 1", "ship 1", "ship 2"], Names(claimed.Claimed).Order());
    }

    [Theory, OnEveryStore]
    public async Task Waiters_of_a_full_state_are_reported_while_another_state_is_free(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var limits = new LimitSet(
            [],
            new Dictionary<string, IReadOnlyList<WorkflowLimit>>
            {
                ["Pay"] = [WorkflowLimit.Concurrency(1)],
                ["Ship"] = [WorkflowLimit.Concurrency(5)],
            }
        );
        await scene.CreateAsync(InState("pay 1", "Pay"), InState("pay 2", "Pay"));
        var paying = Assert.Single((await GrantAsync(scene, limits)).Claimed);
        await scene.CreateAsync(InState("ship 1", "Ship"));

        var whileFull = await GrantAsync(scene, limits);
        await scene.CommittedAsync(paying.Finishes());
        await GrantAsync(scene, limits);
        await scene.CreateAsync(InState("ship 2", "Ship"));
        var nobodyLeft = await GrantAsync(scene, limits);

        Assert.Equal(["ship 1"], Names(whileFull.Claimed));
        Assert.True(whileFull.HasWaiters);
        Assert.Equal(["ship 2"], Names(nobodyLeft.Claimed));
        Assert.False(nobodyLeft.HasWaiters);

        static NewWorkflow InState(string externalId, string state) => OfKey(externalId, "k") with { State = state };
    }

    [Theory, OnEveryStore]
    public async Task A_full_state_does_not_mean_a_full_type(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var limits = new LimitSet(
            [],
            new Dictionary<string, IReadOnlyList<WorkflowLimit>>
            {
                ["Pay"] = [WorkflowLimit.Concurrency(1)],
                ["Ship"] = [WorkflowLimit.Concurrency(5)],
            }
        );
        await scene.CreateAsync(InPay("pay 1"), InPay("pay 2"));

        var first = await GrantAsync(scene, limits);
        var second = await GrantAsync(scene, limits);
        var ofType = await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(1)));

        Assert.Equal((1, false), (first.Claimed.Count, first.IsFull));
        Assert.Equal((0, false, true), (second.Claimed.Count, second.IsFull, second.HasWaiters));
        Assert.Equal(["Pay"], second.FullStates);
        Assert.True(ofType.IsFull);

        static NewWorkflow InPay(string externalId) => OfKey(externalId, "k") with { State = "Pay" };
    }

    [Theory, OnEveryStore]
    public async Task A_step_to_a_limited_state_waits_there(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("order-1");

        var parked = await scene.CommittedAsync(running.GoesTo("Pay") with { Target = Limited with { Name = "Pay" } });

        Assert.Equal(
            (WorkflowStatus.InProgress, (long?)null, (DateTimeOffset?)scene.Now, Permit.Needed),
            (parked.Status, parked.ExecutorId, parked.NextActivation, parked.Permit)
        );
        Assert.Empty((await scene.ClaimAsync()).Claimed);
        Assert.Equal(WaitReason.Limit, WaitReasons.Of(parked, scene.Now));
        Assert.Equal(
            ["order-1"],
            Names(
                await scene.SearchAsync(
                    new WorkflowSearch
                    {
                        Filter = new() { WaitsFor = [WaitReason.Limit] },
                        Now = scene.Now,
                    }
                )
            )
        );
        Assert.Empty(
            await scene.SearchAsync(
                new WorkflowSearch
                {
                    Filter = new() { WaitsFor = [WaitReason.Executor] },
                    Now = scene.Now,
                }
            )
        );
        Assert.Equal("Pay", Assert.Single((await GrantAsync(scene, OfType())).Claimed).State);
    }
}
