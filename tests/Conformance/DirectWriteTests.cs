using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Writes that pass a known row are correct even if the row has changed meanwhile.</summary>
public sealed class DirectWriteTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_step_of_a_parent_awaits_a_child_reopened_meanwhile(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (known, child) = await WithOneEndedChildAsync(scene);
        await scene.MoveAsync(child, A.Move("Again"));

        var parked = await scene.CommittedAsync(known.AwaitsItsChildren());

        Assert.Equal((1, true, null), (parked.OpenChildren, parked.AwaitsChildren, parked.NextActivation));
    }

    [Theory, OnEveryStore]
    public async Task A_parent_woken_meanwhile_is_due_at_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (known, child) = await WithOneEndedChildAsync(scene);
        await scene.MoveAsync(child, A.Move("Again"));
        await scene.CommittedAsync((await scene.ClaimedAsync()).Finishes() with { WakesParent = true });

        var parked = await scene.CommittedAsync(known.ParksUntil(scene.Now.AddDays(1)));

        Assert.Equal((scene.Now, 0), (parked.NextActivation, parked.OpenChildren));
    }

    [Theory, OnEveryStore]
    public async Task A_variable_set_meanwhile_is_kept(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var known = await scene.CreatedAsync("order-1");
        await scene.SetVariableAsync(known, "a", "1");

        var result = await scene.WriteAsync([], [new EventFor(known.Id, A.Variable("b", "2")) { Known = known }]);

        var stored = await scene.AgainAsync(known);
        Assert.Equal("""{"a":1,"b":2}""", stored.StateVars);
        Assert.Equal([new EventOutcome(EventVerdict.Committed, stored)], result.Events);
    }

    [Theory, OnEveryStore]
    public async Task A_step_of_a_workflow_claimed_by_another_meanwhile_is_fenced(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var known = await scene.RunningAsync("order-1");
        await scene.HandBackAsync(known);
        var held = await scene.ClaimedAsync();

        var result = await scene.CommitAsync(known.GoesTo("Pay") with { StateVars = """{"a":1}""" });

        Assert.Equal(EventVerdict.LeaseLost, Assert.Single(result.Events).Verdict);
        Assert.Empty(result.Changes);
        Assert.Equal(held, await scene.AgainAsync(known));
    }

    [Theory, OnEveryStore]
    public async Task A_change_of_a_formerly_final_workflow_applies_to_its_current_row(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var known = await scene.CommittedAsync((await scene.RunningAsync("order-1")).Finishes());
        await scene.MoveAsync(known, A.Move("Again"));
        var again = await scene.AgainAsync(known);

        await scene.WriteAsync(
            [],
            [new EventFor(known.Id, A.Move("Stopped", WorkflowStatus.Cancelled)) { Known = known }]
        );

        var stopped = await scene.AgainAsync(known);
        Assert.Equal((again.Lease + 1, again.Step + 1), (stopped.Lease, stopped.Step));
        Assert.Equal("LOG Again: User Manually Changed State :Stopped (by ann)", (await scene.TellAsync(known)).Last());
    }

    [Theory, OnEveryStore]
    public async Task A_stale_row_does_not_affect_the_rest_of_its_batch(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var fresh = await scene.RunningAsync("fresh");
        var (parent, child) = await WithOneEndedChildAsync(scene);
        var lost = await scene.RunningAsync("lost");
        var last = await scene.RunningAsync("last");
        await scene.MoveAsync(child, A.Move("Again") with { Due = scene.Now.AddDays(1) });
        await scene.HandBackAsync(lost);

        var result = await scene.WriteAsync(
            [A.Workflow("created"), A.Workflow("fresh")],
            [fresh.GoesTo("Pay"), parent.AwaitsItsChildren(), lost.GoesTo("Pay"), last.Finishes()]
        );

        Assert.Equal([false, true], result.Creates.Select(outcome => outcome.Existed));
        Assert.Equal(
            [EventVerdict.Committed, EventVerdict.Committed, EventVerdict.LeaseLost, EventVerdict.Committed],
            result.Events.Select(outcome => outcome.Verdict)
        );
        Assert.Equal([result.Creates[0].Id, fresh.Id, parent.Id, last.Id], result.Changes.Select(change => change.Id));
        Assert.Equal(
            ["CREATED Start: Created by a test", "TRANSITION Start: From Start to Pay"],
            await scene.TellAsync(fresh)
        );
        Assert.True((await scene.AgainAsync(parent)).AwaitsChildren);
        Assert.Equal(
            (A.FirstState, null),
            ((await scene.AgainAsync(lost)).State, (await scene.AgainAsync(lost)).ExecutorId)
        );
        Assert.Equal("Done", (await scene.AgainAsync(last)).State);
    }

    [Theory, OnEveryStore]
    public async Task An_external_id_that_a_batch_creates_twice_belongs_to_the_first(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var result = await scene.CreateAsync(
            A.Workflow("twin") with
            {
                BusinessKey = "first",
            },
            A.Workflow("other"),
            A.Workflow("twin") with
            {
                BusinessKey = "second",
            }
        );

        Assert.Equal([false, false, true], result.Creates.Select(outcome => outcome.Existed));
        Assert.Equal(result.Creates[0].Id, result.Creates[2].Id);
        Assert.Equal("first", (await scene.FindAsync(result.Creates[0].Id)).BusinessKey);
        Assert.Equal(2, result.Changes.Count);
    }

    [Theory, OnEveryStore]
    public async Task A_create_whose_answer_was_lost_finds_its_workflow_by_its_token(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var create = A.Workflow("order-1") with { Token = 4711 };
        var first = (await scene.CreateAsync(create)).Creates[0];

        var sentAgain = await scene.CreateAsync(create, A.Workflow("order-2"));
        var another = await scene.CreateAsync(create with { Token = 4712 });
        var without = await scene.CreateAsync(create with { Token = 0 });

        Assert.Equal(new CreateOutcome(first.Id, Existed: false), first);
        Assert.Equal(first, sentAgain.Creates[0]);
        Assert.Equal([sentAgain.Creates[1].Id], sentAgain.Changes.Select(change => change.Id));
        Assert.Equal([new CreateOutcome(first.Id, Existed: true)], another.Creates);
        Assert.Equal([new CreateOutcome(first.Id, Existed: true)], without.Creates);
    }

    [Theory, OnEveryStore]
    public async Task Creates_without_a_token_never_match_each_other(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(A.Workflow("order-1"));

        Assert.True((await scene.CreateAsync(A.Workflow("order-1"))).Creates[0].Existed);
    }

    /// <summary>A running parent, as known by an executor that sees no open child, and its ended child.</summary>
    private static async Task<(WorkflowRecord Parent, WorkflowRecord Child)> WithOneEndedChildAsync(Scene scene)
    {
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(children[0].Finishes());
        var known = await scene.AgainAsync(parent);
        Assert.Equal((0, WorkflowStatus.Executing), (known.OpenChildren, known.Status));
        return (known, children[0]);
    }
}
