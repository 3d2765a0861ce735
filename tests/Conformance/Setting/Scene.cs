using System.Data.Common;
using GopherFlow.Definitions;

namespace GopherFlow.Conformance.Setting;

/// <summary>A new store, a registered executor, and a clock that the test advances.</summary>
public sealed class Scene : IAsyncDisposable
{
    private readonly TestStore store;
    private readonly VirtualClock clock;
    private readonly List<IWorkflowStore> others = [];

    private Scene(TestStore store, VirtualClock clock) => (this.store, this.clock) = (store, clock);

    public IWorkflowStore Store => store.Workflows;

    public IAccountStore Accounts => store.Accounts;

    public IAuditLog Audit => store.Audit;

    public IThroughputLog Throughput => store.Throughput;

    public IScriptStore Scripts => store.Scripts;

    public IJobStore Jobs => store.Jobs;

    public IScheduleStore Schedules => store.Schedules;

    /// <summary>Whether the store has a database, with connections and transactions.</summary>
    public bool HasDatabase => store.Kind != StoreKind.InMemory;

    /// <summary>Opens a separate connection to the same database.</summary>
    public DbConnection Connect() => store.Connect();

    /// <summary>The executor that claims and commits by default.</summary>
    public long Executor { get; private set; }

    /// <summary>The clock of the database.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Scene> OpenAsync(StoreKind kind)
    {
        var clock = new VirtualClock(A.FirstInstant);
        var scene = new Scene(await TestStore.OpenAsync(kind, clock), clock);
        scene.Executor = await scene.RegisterAsync("executor", lease: TimeSpan.FromDays(1));
        return scene;
    }

    /// <summary>Advances the clock.</summary>
    public DateTimeOffset Pass(double seconds)
    {
        clock.Advance(TimeSpan.FromSeconds(seconds));
        return Now;
    }

    /// <summary>Advances the clock to an instant.</summary>
    public void PassUntil(DateTimeOffset instant) => clock.Advance(instant - Now);

    /// <summary>A second store over the same database, as in another process.</summary>
    public async Task<IWorkflowStore> AnotherStoreAsync()
    {
        var another = await store.OpenAnotherAsync();
        others.Add(another);
        return another;
    }

    public async Task<long> RegisterAsync(string name, TimeSpan lease) =>
        (await Store.RegisterExecutorAsync(A.Executor(name) with { Lease = lease }, Stop)).Id;

    public Task<WriteResult> WriteAsync(IReadOnlyList<NewWorkflow> creates, IReadOnlyList<EventFor> events) =>
        Store.WriteAsync(new WriteBatch(creates, events, Executor, Now), Stop);

    public Task<WriteResult> CreateAsync(params NewWorkflow[] creates) => WriteAsync(creates, []);

    public Task<WriteResult> CommitAsync(params IReadOnlyList<Step> steps) =>
        WriteAsync([], [.. steps.Select(step => step.ToEvent())]);

    /// <summary>Writes an event without a known row, as an operation by a person does.</summary>
    public Task<WriteResult> HappensAsync(long workflowId, WorkflowEvent happened) =>
        Store.WriteAsync(new WriteBatch([], [new EventFor(workflowId, happened)], ExecutorId: null, Now), Stop);

    /// <summary>Creates a due workflow and returns its stored row.</summary>
    public async Task<WorkflowRecord> CreatedAsync(string externalId) =>
        await FindAsync((await CreateAsync(A.Workflow(externalId))).Creates[0].Id);

    /// <summary>Creates a workflow claimed by the executor and returns its stored row.</summary>
    public async Task<WorkflowRecord> RunningAsync(string externalId) =>
        await FindAsync((await CreateAsync(A.Workflow(externalId) with { ClaimedBy = Executor })).Creates[0].Id);

    /// <summary>Commits a step, which must succeed, and returns the stored workflow.</summary>
    public async Task<WorkflowRecord> CommittedAsync(Step step)
    {
        var outcome = Assert.Single((await CommitAsync(step)).Events);
        Assert.Equal((EventVerdict.Committed, null), (outcome.Verdict, outcome.Reason));
        var stored = await FindAsync(step.Before.Id);
        Assert.Equal(stored, outcome.Workflow);
        return stored;
    }

    /// <summary>A running parent and the children created by its committed step, claimed by the executor.</summary>
    public async Task<(WorkflowRecord Parent, WorkflowRecord[] Children)> FamilyAsync(
        int children,
        string parentId = "parent",
        string childId = "child"
    )
    {
        var parent = await CommittedAsync(
            (await RunningAsync(parentId)).GoesTo("Split") with
            {
                Children =
                [
                    .. Enumerable
                        .Range(1, children)
                        .Select(number => A.Workflow($"{childId}-{number}") with { ClaimedBy = Executor }),
                ],
            }
        );
        return (parent, [.. await Store.ChildrenAsync(new ChildSearch(parent.Id), Stop)]);
    }

    /// <summary>A workflow in each status, the final ones last.</summary>
    public async Task<IReadOnlyList<WorkflowRecord>> OneOfEachStatusAsync()
    {
        var paused = await CreatedAsync("paused");
        await MoveAsync(paused, A.Move(paused.State, WorkflowStatus.Paused));
        async Task<WorkflowRecord> After(Func<WorkflowRecord, Step> outcome, string externalId) =>
            await CommittedAsync(outcome(await RunningAsync(externalId)));
        return
        [
            await CreatedAsync("new"),
            await RunningAsync("executing"),
            await After(before => before.ParksUntil(Now.AddDays(1)), "parked"),
            await After(before => before.AwaitsItsChildren() with { Children = [A.Workflow("child")] }, "awaiting"),
            await After(before => before.WaitsForAPerson(), "waiting"),
            await AgainAsync(paused),
            await After(before => before.Finishes(), "finished"),
            await After(before => before.GivesUp(), "failed"),
            await After(before => before.Transition("Broken", WorkflowStatus.Error), "error"),
            await After(before => before.Transition("Over", WorkflowStatus.Cancelled), "cancelled"),
        ];
    }

    public Task<ClaimResult> ClaimAsync(ClaimRequest? request = null) =>
        Store.ClaimAsync(request ?? A.Claim(Executor, Now), Stop);

    /// <summary>Claims the only workflow that is due.</summary>
    public async Task<WorkflowRecord> ClaimedAsync() => Assert.Single((await ClaimAsync()).Claimed);

    public Task<IReadOnlyList<WorkflowChange>> HandBackAsync(params IEnumerable<WorkflowRecord> workflows) =>
        Store.HandBackAsync(Executor, [.. workflows.Select(A.ClaimOf)], Now, Stop);

    public async Task<IReadOnlyList<WorkflowChange>> RepairAsync(int limit = 100) =>
        (await Store.RepairAsync(new RepairRequest(Executor, limit), Stop)).Changes;

    public Task<WriteResult> MoveAsync(WorkflowRecord workflow, StateChanged change) =>
        HappensAsync(workflow.Id, change);

    public Task<WriteResult> SetVariableAsync(WorkflowRecord workflow, string key, string json) =>
        HappensAsync(workflow.Id, A.Variable(key, json));

    /// <summary>Moves all unfinished workflows of a version, in pages.</summary>
    public async Task<IReadOnlyList<WorkflowChange>> MoveVersionAsync(VersionMoved move, int page = 100)
    {
        var changes = new List<WorkflowChange>();
        await foreach (var ids in UnfinishedAsync(Store, new DefinitionKey(A.Type, move.FromVersion), page))
        {
            var events = ids.Select(id => new EventFor(id, move)).ToList();
            changes.AddRange((await Store.WriteAsync(new WriteBatch([], events, ExecutorId: null, Now), Stop)).Changes);
        }

        return changes;
    }

    /// <summary>The ids of the unfinished workflows of a version, page by page.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<long>> UnfinishedAsync(
        IWorkflowStore store,
        DefinitionKey definition,
        int page
    )
    {
        for (var after = 0L; ; )
        {
            var ids = await store.UnfinishedAsync(new UnfinishedSearch(definition, after, page), Stop);
            if (ids.Count == 0)
            {
                yield break;
            }

            yield return ids;
            after = ids[^1];
        }
    }

    public async Task<WorkflowRecord> FindAsync(long id) =>
        Assert.IsType<WorkflowRecord>(await Store.FindAsync(id, Stop));

    /// <summary>Reads a workflow again.</summary>
    public Task<WorkflowRecord> AgainAsync(WorkflowRecord workflow) => FindAsync(workflow.Id);

    /// <summary>The history of a workflow, oldest first.</summary>
    public async Task<IReadOnlyList<ActionRecord>> HistoryAsync(WorkflowRecord workflow) =>
        [.. (await Store.ActionsAsync(new ActionSearch(workflow.Id, 1000), Stop)).Reverse()];

    /// <summary>The history of a workflow, oldest first, each entry as "TYPE name: text".</summary>
    public async Task<IEnumerable<string>> TellAsync(WorkflowRecord workflow) => (await HistoryAsync(workflow)).Tell();

    public async Task<IReadOnlyList<WorkflowRecord>> SearchAsync(WorkflowSearch search) =>
        (await Store.SearchAsync(search, Stop)).Workflows;

    public async ValueTask DisposeAsync()
    {
        foreach (var other in others)
        {
            await other.DisposeAsync();
        }

        await store.DisposeAsync();
    }
}
