using System.Globalization;
using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The kept counts are those that a full count would give; the invariants compare them after every test as well.</summary>
public sealed class CountTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task An_empty_store_counts_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        Assert.Empty(await scene.Store.CountsAsync(Stop));
    }

    [Theory, OnEveryStore]
    public async Task Workflows_are_counted_by_type_version_state_and_status(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            A.Workflow("1"),
            A.Workflow("2"),
            A.Workflow("other version") with
            {
                Version = "v2",
            },
            A.Workflow("other type") with
            {
                WorkflowType = "ORDER",
            },
            A.Workflow("other state") with
            {
                State = "start",
            },
            A.Workflow("other status") with
            {
                ClaimedBy = scene.Executor,
            }
        );

        await AssertCountedAsync(
            scene,
            new(A.Type, "v1", A.FirstState, WorkflowStatus.New, 2),
            new(A.Type, "v2", A.FirstState, WorkflowStatus.New, 1),
            new("ORDER", "v1", A.FirstState, WorkflowStatus.New, 1),
            new(A.Type, "v1", "start", WorkflowStatus.New, 1),
            new(A.Type, "v1", A.FirstState, WorkflowStatus.Executing, 1)
        );
    }

    [Theory, OnEveryStore]
    public async Task Each_change_updates_the_counts_and_zero_counts_are_not_returned(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreatedAsync("order-1");
        await AssertIsAsync(A.FirstState, WorkflowStatus.New);

        var held = await scene.ClaimedAsync();
        await AssertIsAsync(A.FirstState, WorkflowStatus.Executing);

        await scene.HandBackAsync(held);
        await AssertIsAsync(A.FirstState, WorkflowStatus.InProgress);

        held = await scene.CommittedAsync((await scene.ClaimedAsync()).GoesTo("Pay"));
        await AssertIsAsync("Pay", WorkflowStatus.Executing);

        await scene.SetVariableAsync(held, "a", "1");
        await AssertIsAsync("Pay", WorkflowStatus.InProgress);

        held = await scene.CommittedAsync((await scene.ClaimedAsync()).RetriesAtOnce());
        await AssertIsAsync("Pay", WorkflowStatus.InProgress);

        held = await scene.CommittedAsync((await scene.ClaimedAsync()).WaitsForAPerson());
        await AssertIsAsync("Approve", WorkflowStatus.Waiting);

        await scene.MoveAsync(held, A.Move("Stopped", WorkflowStatus.Cancelled));
        await AssertIsAsync("Stopped", WorkflowStatus.Cancelled);

        Task AssertIsAsync(string state, WorkflowStatus status) =>
            AssertCountedAsync(scene, new WorkflowCount(A.Type, "v1", state, status, 1));
    }

    [Theory, OnEveryStore]
    public async Task Repair_updates_the_counts(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(A.Workflow("order-1") with { ClaimedBy = scene.Executor + 1000 });

        await scene.RepairAsync();

        await AssertCountedAsync(scene, new WorkflowCount(A.Type, "v1", A.FirstState, WorkflowStatus.InProgress, 1));
    }

    [Theory, OnEveryStore]
    public async Task Children_are_counted_but_members_not_written_are_not(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var one = await scene.RunningAsync("one");
        var two = await scene.RunningAsync("two");

        await scene.WriteAsync(
            [A.Workflow("one")],
            [
                one.GoesTo("Split") with
                {
                    Children = [A.Workflow("child") with { WorkflowType = "Child" }],
                },
                two.GoesTo("Split") with
                {
                    Children = [A.Workflow("child") with { WorkflowType = "Child" }],
                },
            ]
        );

        await AssertCountedAsync(
            scene,
            new(A.Type, "v1", "Split", WorkflowStatus.Executing, 1),
            new(A.Type, "v1", A.FirstState, WorkflowStatus.Executing, 1),
            new("Child", "v1", A.FirstState, WorkflowStatus.New, 1)
        );
    }

    [Theory, OnEveryStore(WithDatabase = true)]
    public async Task Counts_that_have_become_zero_are_deleted(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreatedAsync("one");
        await scene.CommittedAsync((await scene.ClaimedAsync()).GoesTo("Pay"));
        await scene.CreatedAsync("two");
        Assert.Equal(3, await KindsAsync(scene));

        await scene.Store.DeleteLeftoversAsync(
            new LeftoverLimits(default, default, 0, default, TimeSpan.FromDays(1), 100),
            Stop
        );

        Assert.Equal(2, await KindsAsync(scene));
        await scene.ClaimedAsync();
        await AssertCountedAsync(
            scene,
            new(A.Type, "v1", "Pay", WorkflowStatus.Executing, 1),
            new(A.Type, "v1", A.FirstState, WorkflowStatus.Executing, 1)
        );
    }

    /// <summary>The number of different count rows in the database.</summary>
    private static async Task<long> KindsAsync(Scene scene)
    {
        await using var connection = scene.Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT count(*)
              FROM (SELECT DISTINCT workflow_type, version, state, status
                      FROM workflow_counts) AS kinds
            """;
        return Convert.ToInt64(await command.ExecuteScalarAsync(Stop), CultureInfo.InvariantCulture);
    }

    private static async Task AssertCountedAsync(Scene scene, params WorkflowCount[] expected) =>
        Assert.Equal(expected.ToHashSet(), (await scene.Store.CountsAsync(Stop)).ToHashSet());
}
