using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.ReferenceFaults;

/// <summary>Faults of the Go system in ownership (section 9.1 of its description) that this engine must not have.</summary>
public sealed class OwnershipFaultTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_2_a_workflow_of_an_unknown_type_does_no_harm_and_waits_for_its_executor(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        long stranger;
        await using (
            var engine = await EngineHarness.StartAsync(store, clock, g => g.AddDefinition(Machines.Trivial("Known")))
        )
        {
            stranger = await InsertAsync(store.Workflows, "Stranger", clock.GetUtcNow());
            clock.Advance(TimeSpan.FromSeconds(10));
            await engine.UntilAsync(await engine.CreateAsync("Known"), WorkflowStatus.Finished);
            Assert.Equal(WorkflowStatus.New, (await engine.FindAsync(stranger)).Status);
        }

        await using var another = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.Trivial("Stranger"))
        );
        await another.UntilAsync(stranger, WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_3_a_workflow_has_one_owner_and_a_second_run_waits_for_the_first_to_lose_it(StoreKind kind)
    {
        var runs = 0;
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", WorkAsync))
        );
        var id = await engine.CreateAsync("W");
        await entered.Task;

        await engine.Interventions.MoveAsync(
            new MoveWorkflow
            {
                WorkflowId = id,
                State = "Work",
                Actor = "ann",
            },
            Stop
        );
        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        goOn.SetResult();
        await engine.StopAsync();

        Assert.Equal("""{"run":2}""", done.StateVars);
        Assert.Equal(done, await engine.FindAsync(id));

        async Task<NextState> WorkAsync(StepContext step)
        {
            var run = Interlocked.Increment(ref runs);
            if (run == 1)
            {
                entered.SetResult();
                await goOn.Task;
            }

            step.Variables.Set("run", run);
            return NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_6_a_change_by_hand_is_atomic(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(kind, new VirtualClock(Noon));
        var id = await InsertAsync(store.Workflows, "W", Noon);

        await MoveAsync(store.Workflows, id, "Work");

        var moved = (await store.Workflows.FindAsync(id, Stop))!;
        Assert.Equal((WorkflowStatus.InProgress, Noon, null), (moved.Status, moved.NextActivation, moved.ExecutorId));
        Assert.DoesNotContain("LOCK", WorkflowStatusNames.All);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_7_a_repaired_workflow_is_due_and_unowned_at_once_and_is_claimed_once(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(kind, new VirtualClock(Noon));
        var id = await InsertAsync(store.Workflows, "W", Noon, claimedBy: 77);

        await store.Workflows.RepairAsync(new RepairRequest(1, 10), Stop);
        var first = await store.Workflows.ClaimAsync(
            new ClaimRequest(1, [new("W", Machines.Version)], ["default"], 10, Noon),
            Stop
        );
        var second = await store.Workflows.ClaimAsync(
            new ClaimRequest(2, [new("W", Machines.Version)], ["default"], 10, Noon),
            Stop
        );

        Assert.Equal((id, 1L), (Assert.Single(first.Claimed).Id, first.Claimed[0].ExecutorId!.Value));
        Assert.Empty(second.Claimed);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_8_a_repair_without_live_executors_wakes_no_parked_workflow(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(kind, new VirtualClock(Noon));
        var id = await InsertAsync(store.Workflows, "W", Noon.AddDays(1));

        var repaired = await store.Workflows.RepairAsync(new RepairRequest(1, 10), Stop);

        Assert.Empty(repaired.Changes);
        Assert.Equal(Noon.AddDays(1), (await store.Workflows.FindAsync(id, Stop))!.NextActivation);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_16_an_external_id_always_belongs_to_one_workflow(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Machines.Trivial("W")));

        var ids = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => engine.CreateAsync("W", "same"), Stop))
        );

        Assert.Single(ids.Distinct());
        await engine.UntilAsync(ids[0], WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_17_two_changes_at_the_same_instant_are_two_changes(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(kind, new VirtualClock(Noon));
        var id = await InsertAsync(store.Workflows, "W", Noon, claimedBy: 1);
        var before = (await store.Workflows.FindAsync(id, Stop))!;

        await MoveAsync(store.Workflows, id, "Work");
        await MoveAsync(store.Workflows, id, "Other");

        var after = (await store.Workflows.FindAsync(id, Stop))!;
        Assert.Equal((before.Lease + 2, before.Step + 2, "Other"), (after.Lease, after.Step, after.State));
    }

    [Theory]
    [InlineData("Bad", WorkflowStatus.Error)]
    [InlineData("Ask", WorkflowStatus.Waiting)]
    [InlineData("Done", WorkflowStatus.Finished)]
    [InlineData("Elsewhere", WorkflowStatus.Error)]
    public async Task Fault_19_the_status_distinguishes_the_ends_and_ended_workflows_have_no_owner(
        string target,
        WorkflowStatus status
    )
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo(target)))
        );

        var id = await engine.CreateAsync("W");

        Assert.Null((await engine.UntilAsync(id, status)).ExecutorId);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_21_a_workflow_due_now_runs_without_waiting_for_the_next_poll(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Machines.Trivial("W")));
        var created = await engine.Operations.CreateAsync(
            new CreateWorkflow
            {
                ExternalId = "now",
                WorkflowType = "W",
                BusinessKey = "k",
                NextActivation = engine.Clock.GetUtcNow(),
            },
            Stop
        );

        // The clock does not advance.
        await engine.UntilAsync(created.Id, WorkflowStatus.Finished);
    }

    private static Task<WriteResult> MoveAsync(IWorkflowStore store, long id, string state)
    {
        var target = new TargetState(state, WorkflowStatus.Executing);
        var moved = new EventFor(id, new StateChanged(target, "ann") { Due = Noon });
        return store.WriteAsync(new WriteBatch([], [moved], ExecutorId: null, Noon), Stop);
    }

    private static async Task<long> InsertAsync(
        IWorkflowStore store,
        string type,
        DateTimeOffset due,
        long? claimedBy = null
    )
    {
        var create = new NewWorkflow
        {
            ExternalId = $"a {type}",
            WorkflowType = type,
            Version = Machines.Version,
            BusinessKey = "k",
            ExecutorGroup = "default",
            State = "Work",
            NextActivation = due,
            ClaimedBy = claimedBy,
        };
        return (await store.WriteAsync(new WriteBatch([create], [], 1, Noon), Stop)).Creates[0].Id;
    }
}
