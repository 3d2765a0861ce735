namespace GopherFlow.Simulation;

/// <summary>The store as one process reaches it: over a connection to which anything can happen.</summary>
internal sealed class NodeStore(
    SimulatedWorld world,
    Node node,
    IWorkflowStore shared,
    Weather weather,
    HintNetwork hints
) : IWorkflowStore
{
    /// <summary>How long a call or its answer may be on its way.</summary>
    public static TimeSpan LongestDelay(NodeSetting setting) => 2 * setting.Lease;

    public int ConcurrentWrites => node.Setting.ConcurrentWrites;

    public Task InitializeAsync(CancellationToken cancellation) =>
        CallAsync("initialize", () => Nothing(shared.InitializeAsync(cancellation)), cancellation);

    public Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
        CallAsync(
            "write",
            async () =>
            {
                var result = await shared.WriteAsync(batch, cancellation);
                hints.Tell(node, result.Changes);
                return result;
            },
            cancellation
        );

    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        CallAsync("claim", () => shared.ClaimAsync(request, cancellation), cancellation);

    public Task<IReadOnlyList<WorkflowChange>> ReleaseAsync(ReleaseRequest request, CancellationToken cancellation) =>
        CallAsync("release", () => shared.ReleaseAsync(request, cancellation), cancellation);

    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        CallAsync("owned", () => shared.OwnedAsync(executorId, cancellation), cancellation);

    public Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation) =>
        CallAsync("repair", () => shared.RepairAsync(request, cancellation), cancellation);

    public Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) => CallAsync("register", () => shared.RegisterExecutorAsync(registration, cancellation), cancellation);

    public Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        CallAsync("heartbeat", () => shared.HeartbeatAsync(heartbeat, cancellation), cancellation);

    public Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation) =>
        CallAsync("deregister", () => Nothing(shared.DeregisterExecutorAsync(executorId, cancellation)), cancellation);

    public Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        CallAsync(
            "definitions",
            () => Nothing(shared.SaveDefinitionsAsync(definitions, now, cancellation)),
            cancellation
        );

    public Task<ManualChangeResult> ChangeStateAsync(StateChange change, CancellationToken cancellation) =>
        CallAsync("change", () => shared.ChangeStateAsync(change, cancellation), cancellation);

    public Task<ManualChangeResult> SetVariableAsync(VariableChange change, CancellationToken cancellation) =>
        CallAsync("set", () => shared.SetVariableAsync(change, cancellation), cancellation);

    public Task<IReadOnlyList<WorkflowChange>> MoveVersionAsync(VersionMove move, CancellationToken cancellation) =>
        CallAsync("move", () => shared.MoveVersionAsync(move, cancellation), cancellation);

    public Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        CallAsync("definitions", () => shared.FindDefinitionAsync(name, cancellation), cancellation);

    public Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation) =>
        CallAsync("definitions", () => shared.DefinitionVersionsAsync(name, cancellation), cancellation);

    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        CallAsync("find", () => shared.FindAsync(id, cancellation), cancellation);

    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        CallAsync("find", () => shared.FindByExternalIdAsync(externalId, cancellation), cancellation);

    public Task<IReadOnlyList<WorkflowRecord>> SearchAsync(WorkflowSearch search, CancellationToken cancellation) =>
        CallAsync("search", () => shared.SearchAsync(search, cancellation), cancellation);

    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long parentWorkflowId, CancellationToken cancellation) =>
        CallAsync("children", () => shared.ChildrenAsync(parentWorkflowId, cancellation), cancellation);

    public Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation) =>
        CallAsync("actions", () => shared.ActionsAsync(search, cancellation), cancellation);

    public Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        CallAsync("definitions", () => shared.DefinitionsAsync(cancellation), cancellation);

    public Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        CallAsync("executors", () => shared.ExecutorsAsync(limit, cancellation), cancellation);

    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        CallAsync("counts", () => shared.CountsAsync(cancellation), cancellation);

    public Task ListenAsync(Action<DueHint> told, CancellationToken cancellation) =>
        hints.ListenAsync(node, told, cancellation);

    public bool IsTransient(Exception exception) => exception is ConnectionLostException;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<T> CallAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellation)
    {
        world.MustBeAtHome($"the store is called: {what}");
        await OnTheWayAsync($"before {what}", cancellation);
        if (world.Chance.Hit(weather.FailBefore))
        {
            node.Tell($"{what}: fails without effect");
            throw new ConnectionLostException($"before {what}");
        }

        var result = await call();
        if (world.Chance.Hit(weather.LoseAnswer))
        {
            node.Tell($"{what}: takes effect, but its answer is lost");
            await OnTheWayAsync($"after {what}", CancellationToken.None);
            throw new ConnectionLostException($"after {what}");
        }

        await OnTheWayAsync($"after {what}", CancellationToken.None);
        return result;
    }

    private async Task OnTheWayAsync(string where, CancellationToken cancellation)
    {
        if (world.Chance.Hit(weather.Kill))
        {
            node.Kill(where);
        }
        else if (world.Chance.Hit(weather.Pause))
        {
            node.Pause(where);
        }

        if (world.Chance.Hit(weather.Delay))
        {
            var longest = world.Chance.Hit(0.7) ? 200 : (int)LongestDelay(node.Setting).TotalMilliseconds;
            var delay = world.Chance.Milliseconds(longest);
            node.Tell($"{where}: {delay.TotalMilliseconds:0} ms on the way");
            await Task.Delay(delay, node.Lane.Clock, cancellation);
        }
        else
        {
            await Task.Yield();
        }
    }

    private static async Task<bool> Nothing(Task task)
    {
        await task;
        return true;
    }
}
