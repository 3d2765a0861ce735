using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Creating workflows, and repeating a create.</summary>
public sealed class CreatingTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_new_workflow_is_stored_as_requested(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var due = scene.Now.AddHours(3);

        var result = await scene.CreateAsync(
            new NewWorkflow
            {
                ExternalId = "order-1",
                WorkflowType = "Order",
                Version = "v7",
                BusinessKey = "customer 4711",
                ExecutorGroup = "slow",
                Priority = 2,
                State = "Begin",
                StateVars = """{"amount":12.5}""",
                NextActivation = due,
                CreatedBy = "ann",
            }
        );

        var outcome = Assert.Single(result.Creates);
        Assert.False(outcome.Existed);
        Assert.Empty(result.Events);
        Assert.Equal(
            new WorkflowRecord
            {
                Id = outcome.Id,
                ExternalId = "order-1",
                WorkflowType = "Order",
                Version = "v7",
                BusinessKey = "customer 4711",
                ExecutorGroup = "slow",
                Priority = 2,
                Status = WorkflowStatus.New,
                State = "Begin",
                Step = 0,
                RetryCount = 0,
                ExecutionCount = 0,
                Lease = 0,
                Revision = 0,
                ExecutorId = null,
                Created = scene.Now,
                Modified = scene.Now,
                NextActivation = due,
                Started = null,
                Finished = null,
                ParentWorkflowId = null,
                OpenChildren = 0,
                AwaitsChildren = false,
                Woken = false,
                StateVars = """{"amount":12.5}""",
            },
            await scene.FindAsync(outcome.Id)
        );
    }

    [Theory, OnEveryStore]
    public async Task The_history_of_a_new_workflow_says_how_it_was_created(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var workflow = await scene.CreatedAsync("order-1");

        var entry = Assert.Single(await scene.HistoryAsync(workflow));
        Assert.Equal(
            new ActionRecord(
                entry.Id,
                workflow.Id,
                ExecutorId: null,
                scene.Now,
                new HistoryEntry
                {
                    Kind = HistoryKind.Created,
                    To = A.FirstState,
                    Status = WorkflowStatus.New,
                    Actor = "a test",
                }
            ),
            entry
        );
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_without_variables_has_an_empty_object(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        Assert.Equal("{}", (await scene.CreatedAsync("order-1")).StateVars);
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_can_be_created_as_claimed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var workflow = await scene.RunningAsync("order-1");

        Assert.Equal(WorkflowStatus.Executing, workflow.Status);
        Assert.Equal(scene.Executor, workflow.ExecutorId);
        Assert.Equal(1, workflow.Lease);
        Assert.Null(workflow.NextActivation);
        Assert.Null(workflow.Started);
        Assert.Empty((await scene.ClaimAsync()).Claimed);
        Assert.Equal([A.ClaimOf(workflow)], await scene.Store.OwnedAsync(scene.Executor, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Creating_an_external_id_again_returns_the_first_workflow_unchanged(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var first = await scene.CreatedAsync("order-1");
        scene.Pass(seconds: 5);

        var again = await scene.CreateAsync(
            A.Workflow("order-1") with
            {
                WorkflowType = "Other",
                Priority = 1,
                StateVars = """{"a":1}""",
                ClaimedBy = scene.Executor,
            }
        );

        Assert.Equal([new CreateOutcome(first.Id, Existed: true)], again.Creates);
        Assert.Empty(again.Changes);
        Assert.Equal(first, await scene.AgainAsync(first));
        Assert.Single(await scene.HistoryAsync(first));
    }

    [Theory, OnEveryStore]
    public async Task The_first_of_two_creates_of_an_external_id_in_a_batch_wins(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var result = await scene.CreateAsync(
            A.Workflow("same") with
            {
                State = "First",
            },
            A.Workflow("other"),
            A.Workflow("same") with
            {
                State = "Second",
            }
        );

        Assert.Equal([false, false, true], result.Creates.Select(outcome => outcome.Existed));
        Assert.Equal(result.Creates[0].Id, result.Creates[2].Id);
        Assert.Equal("First", (await scene.FindAsync(result.Creates[0].Id)).State);
        Assert.Equal([result.Creates[0].Id, result.Creates[1].Id], result.Changes.Select(change => change.Id));
    }

    [Theory, OnEveryStore]
    public async Task Twenty_parallel_creates_of_one_external_id_create_one_workflow(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var another = await scene.AnotherStoreAsync();

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(number =>
                    Task.Run(
                        () =>
                            (number % 2 == 0 ? scene.Store : another).WriteAsync(
                                new WriteBatch([A.Workflow("same")], [], scene.Executor, scene.Now),
                                Stop
                            ),
                        Stop
                    )
                )
        );

        Assert.Single(results.Select(result => result.Creates[0].Id).Distinct());
        Assert.Single(results, result => !result.Creates[0].Existed);
        Assert.Single(await scene.SearchAsync(new WorkflowSearch { ExternalId = "same" }));
    }

    [Theory, OnEveryStore]
    public async Task Ids_increase_with_each_workflow(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = await scene.CreateAsync([
            .. Enumerable.Range(0, 5).Select(number => A.Workflow($"order-{number}")),
        ]);

        var ids = created.Creates.Select(outcome => outcome.Id).ToList();

        Assert.Equal(ids.Order(), ids);
        Assert.True((await scene.CreatedAsync("last")).Id > ids[^1]);
    }

    [Theory, OnEveryStore]
    public async Task An_empty_batch_changes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var result = await scene.WriteAsync([], []);

        Assert.Empty(result.Creates);
        Assert.Empty(result.Events);
        Assert.Empty(result.Changes);
    }
}
