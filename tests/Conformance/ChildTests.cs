using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Children are created with the commit of their parent's step, and are counted until they are final.</summary>
public sealed class ChildTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Children_are_new_workflows_with_a_parent_id(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("parent");
        scene.Pass(seconds: 1);
        var request = A.Workflow("child-1") with
        {
            WorkflowType = "Part",
            BusinessKey = "part of it",
            ExecutorGroup = "slow",
            Priority = 3,
            StateVars = """{"n":1}""",
            NextActivation = scene.Now.AddHours(1),
        };

        var parent = await scene.CommittedAsync(
            before.GoesTo("Split") with
            {
                Children = [request, A.Workflow("child-2")],
            }
        );

        var children = await scene.Store.ChildrenAsync(new ChildSearch(parent.Id), Stop);
        Assert.Equal(["child-1", "child-2"], children.Select(child => child.ExternalId));
        Assert.All(children, child => Assert.Equal(parent.Id, child.ParentWorkflowId));
        Assert.All(children, child => Assert.Equal(WorkflowStatus.New, child.Status));
        Assert.All(children, child => Assert.Equal(scene.Now, child.Created));
        Assert.Equal(("Part", "part of it", "slow", 3), Describe(children[0]));
        Assert.Equal(("""{"n":1}""", request.NextActivation), (children[0].StateVars, children[0].NextActivation));
        Assert.Equal(2, parent.OpenChildren);
        Assert.False(parent.AwaitsChildren);

        static (string, string, string, int) Describe(WorkflowRecord child) =>
            (child.WorkflowType, child.BusinessKey, child.ExecutorGroup, child.Priority);
    }

    [Theory, OnEveryStore]
    public async Task The_creation_of_a_child_is_in_both_histories(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("parent");

        await scene.CommittedAsync(
            before.GoesTo("Split").Logging("two of them") with
            {
                Children = [A.Workflow("child-1"), A.Workflow("child-2")],
            }
        );

        var children = await scene.Store.ChildrenAsync(new ChildSearch(before.Id), Stop);
        Assert.Equal(
            [
                "CREATED Start: Created by a test",
                "TRANSITION Start: From Start to Split",
                "LOG Split: two of them",
                "CHILD_CREATED Split: Created 2 child workflows of type Order",
            ],
            await scene.TellAsync(before)
        );
        var told = (await scene.HistoryAsync(before))[^1];
        Assert.Equal((scene.Executor, 1, 0), (told.ExecutorId, told.Entry.ExecutionCount, told.Entry.RetryCount));
        foreach (var child in children)
        {
            Assert.Equal(["CREATED Start: Created by a test"], await scene.TellAsync(child));
        }
    }

    [Theory, OnEveryStore]
    public async Task Each_child_that_becomes_final_decrements_the_open_children(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 4);
        var modified = parent.Modified;
        scene.Pass(seconds: 1);

        await scene.CommittedAsync(children[0].Finishes());
        await scene.CommittedAsync(children[1].GivesUp());
        await scene.CommittedAsync(children[2].Transition("Broken", WorkflowStatus.Error));

        parent = await scene.AgainAsync(parent);
        Assert.Equal(1, parent.OpenChildren);
        Assert.Equal(WorkflowStatus.Executing, parent.Status);
        Assert.Null(parent.NextActivation);
        Assert.Equal(modified, parent.Modified);
    }

    [Theory, OnEveryStore]
    public async Task A_child_that_continues_is_still_open(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 3);

        await scene.CommittedAsync(children[0].GoesTo("Pay"));
        await scene.CommittedAsync(children[1].ParksUntil(scene.Now.AddDays(1)));
        await scene.CommittedAsync(children[2].WaitsForAPerson());

        Assert.Equal(3, (await scene.AgainAsync(parent)).OpenChildren);
    }

    [Theory, OnEveryStore]
    public async Task A_child_may_have_children(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        var child = await scene.CommittedAsync(
            children[0].GoesTo("Split") with
            {
                Children = [A.Workflow("grandchild") with { ClaimedBy = scene.Executor }],
            }
        );
        var grandchild = Assert.Single(await scene.Store.ChildrenAsync(new ChildSearch(child.Id), Stop));

        await scene.CommittedAsync(grandchild.Finishes());

        Assert.Equal(0, (await scene.AgainAsync(child)).OpenChildren);
        Assert.Equal(1, (await scene.AgainAsync(parent)).OpenChildren);
        Assert.Equal(
            [child.Id],
            (await scene.Store.ChildrenAsync(new ChildSearch(parent.Id), Stop)).Select(row => row.Id)
        );
    }

    [Theory, OnEveryStore]
    public async Task The_count_stays_correct_when_a_child_is_moved_out_of_a_final_status_and_back(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        var ended = await scene.CommittedAsync(children[0].Finishes());

        await scene.MoveAsync(ended, A.Move("Again"));
        Assert.Equal(2, (await scene.AgainAsync(parent)).OpenChildren);

        await scene.MoveAsync(ended, A.Move("Stopped", WorkflowStatus.Cancelled));
        Assert.Equal(1, (await scene.AgainAsync(parent)).OpenChildren);

        await scene.MoveAsync(ended, A.Move("Failed", WorkflowStatus.Failed));
        Assert.Equal(1, (await scene.AgainAsync(parent)).OpenChildren);
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_without_children_has_none(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("alone");

        Assert.Empty(await scene.Store.ChildrenAsync(new ChildSearch(workflow.Id), Stop));
        Assert.Empty(await scene.Store.ChildrenAsync(new ChildSearch(workflow.Id + 1000), Stop));
    }
}
