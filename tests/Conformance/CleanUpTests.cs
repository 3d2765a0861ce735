using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The clean-up flag of a workflow is stored with it, also while it is FAILED.</summary>
public sealed class CleanUpTests : StoreContract
{
    private static readonly TargetState Tell = new("Tell", WorkflowStatus.Executing);

    private static readonly Cancelled Cancel = new("ann")
    {
        CleansUpIn = new TargetState("Undo", WorkflowStatus.Executing),
    };

    [Theory, OnEveryStore]
    public async Task Claims_steps_failures_and_retries_keep_the_clean_up_until_a_second_cancel(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = await scene.CreatedAsync("order-1");
        Assert.False(created.IsCleaningUp);

        await scene.HappensAsync(created.Id, Cancel);
        Assert.True((await scene.AgainAsync(created)).IsCleaningUp);
        var claimed = await scene.ClaimedAsync();
        Assert.Equal(("Undo", true), (claimed.State, claimed.IsCleaningUp));
        var told = await scene.CommittedAsync(claimed.GoesTo("Tell"));
        Assert.True(told.IsCleaningUp);
        var failed = await scene.CommittedAsync(told.GivesUp());
        Assert.Equal((WorkflowStatus.Failed, true), (failed.Status, failed.IsCleaningUp));
        Assert.Equal([failed], await scene.SearchAsync(new WorkflowSearch { Limit = 10 }));

        await scene.HappensAsync(created.Id, new Retried(Tell, "ann"));
        var retried = await scene.AgainAsync(created);
        Assert.Equal((WorkflowStatus.InProgress, true), (retried.Status, retried.IsCleaningUp));

        await scene.HappensAsync(created.Id, Cancel);
        var ended = await scene.AgainAsync(created);
        Assert.Equal(("Tell", WorkflowStatus.Cancelled, false), (ended.State, ended.Status, ended.IsCleaningUp));
    }

    [Theory, OnEveryStore]
    public async Task The_clean_up_ends_with_the_workflow(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = await scene.CreatedAsync("order-1");
        await scene.HappensAsync(created.Id, Cancel);

        var ended = await scene.CommittedAsync((await scene.ClaimedAsync()).Finishes());

        Assert.Equal((WorkflowStatus.Finished, false), (ended.Status, ended.IsCleaningUp));
    }
}
