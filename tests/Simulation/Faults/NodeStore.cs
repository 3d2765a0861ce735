namespace GopherFlow.Simulation;

/// <summary>The store as used by one process, over a connection with faults.</summary>
internal sealed class NodeStore(
    SimulatedWorld world,
    Node node,
    IWorkflowStore shared,
    IChangeLog log,
    FaultRates weather,
    HintNetwork hints,
    Workload workload
) : DelegatingStore(shared)
{
    private const int LeastLate = 1000;
    private const int MostLate = 5000;

    /// <summary>Claims that were made but whose answers are still in flight.</summary>
    private readonly HashSet<ClaimKey> inFlight = [];

    /// <summary>The longest time that a call and its answer are in flight.</summary>
    public static TimeSpan LongestDelay(NodeSetting setting) =>
        (2 * setting.Lease) + TimeSpan.FromMilliseconds(MostLate);

    public override int ConcurrentWrites => node.Setting.ConcurrentWrites;

    public override async Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation)
    {
        JudgeReleases(batch);
        var answer = await CallAsync(
            nameof(WriteAsync),
            async () =>
            {
                var result = await Inner.WriteAsync(batch, cancellation);
                hints.Tell(node, result.Changes);
                return result;
            },
            cancellation
        );
        foreach (var create in answer.Creates.Where(create => !create.Existed))
        {
            workload.Functions.Claimed(node.Lane, new ClaimKey(create.Id, Lease: 1));
        }

        return answer;
    }

    public override async Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        List<ClaimKey> claims = [];
        try
        {
            return await CallAsync(
                nameof(ClaimAsync),
                async () =>
                {
                    var result = await Inner.ClaimAsync(request, cancellation);
                    claims.AddRange(result.Claimed.Select(workflow => new ClaimKey(workflow.Id, workflow.Lease)));
                    inFlight.UnionWith(claims);
                    return result;
                },
                cancellation
            );
        }
        finally
        {
            inFlight.ExceptWith(claims);
            claims.ForEach(claim => workload.Functions.Claimed(node.Lane, claim));
        }
    }

    public override async Task<LimitedClaimResult> ClaimLimitedAsync(
        LimitedClaimRequest request,
        CancellationToken cancellation
    )
    {
        List<ClaimKey> claims = [];
        try
        {
            return await CallAsync(
                nameof(ClaimLimitedAsync),
                async () =>
                {
                    var result = await Inner.ClaimLimitedAsync(request, cancellation);
                    claims.AddRange(result.Claimed.Select(workflow => new ClaimKey(workflow.Id, workflow.Lease)));
                    inFlight.UnionWith(claims);
                    return result;
                },
                cancellation
            );
        }
        finally
        {
            inFlight.ExceptWith(claims);
            claims.ForEach(claim => workload.Functions.Claimed(node.Lane, claim));
        }
    }

    public override Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) =>
        CallAsync(
            nameof(RegisterExecutorAsync),
            async () =>
            {
                var entry = await Inner.RegisterExecutorAsync(registration, cancellation);
                workload.Functions.Registered(entry.Id, node.Lane);
                return entry;
            },
            cancellation
        );

    /// <summary>The changes of every process. A process also receives its own ones again, which is harmless.</summary>
    public override IChangeLog Changes => new NodeChangeLog(this, log);

    public override Task ListenAsync(StoreNews news, CancellationToken cancellation) =>
        hints.ListenAsync(node, news, cancellation);

    public override bool IsTransient(Exception exception) =>
        exception is ConnectionLostException || Inner.IsTransient(exception);

    /// <summary>Makes a call of another store over the same connection.</summary>
    public Task<T> OverAsync<T>(string name, Func<Task<T>> call, CancellationToken cancellation) =>
        CallAsync(name, call, cancellation);

    /// <summary>Sends hints of written changes to other processes.</summary>
    public void Tell(IReadOnlyList<WorkflowChange> changes) => hints.Tell(node, changes);

    protected override async Task<T> CallAsync<T>(string name, Func<Task<T>> call, CancellationToken cancellation)
    {
        world.MustBeAtHome($"the store is called: {name}");
        await InTransitAsync($"before {name}", cancellation);
        if (
            world.Chance.Hit(
                name is nameof(ClaimAsync) or nameof(ClaimLimitedAsync) ? weather.FailClaim : weather.FailBefore
            )
        )
        {
            node.Tell($"{name}: fails without effect");
            throw new ConnectionLostException($"before {name}");
        }

        var result = await call();
        if (world.Chance.Hit(weather.LoseAnswer))
        {
            node.Tell($"{name}: takes effect, but its answer is lost");
            await InTransitAsync($"after {name}", CancellationToken.None);
            throw new ConnectionLostException($"after {name}");
        }

        await InTransitAsync($"after {name}", CancellationToken.None);
        if (node.AnswersAreSlow && name is (nameof(ClaimAsync) or nameof(WriteAsync) or nameof(HeartbeatAsync)))
        {
            var late = world.Chance.Between(LeastLate, MostLate);
            node.Tell($"{name}: its answer is {late} ms late");
            await Task.Delay(TimeSpan.FromMilliseconds(late), node.Lane.Clock, CancellationToken.None);
        }

        return result;
    }

    /// <summary>A claim may be released only when no function runs under it or can still start under it.</summary>
    private void JudgeReleases(WriteBatch batch)
    {
        foreach (var each in batch.Events)
        {
            if (each.Event is not HandedBack given)
            {
                continue;
            }

            if (inFlight.Contains(new ClaimKey(each.WorkflowId, given.Lease)))
            {
                world.Violated($"{node.Lane.Name} releases its claim of {each.WorkflowId} before it was answered");
            }

            // A workflow changed by hand may have been claimed again while the running function does not know that its claim has ended.
            if (
                workload.Functions.IsRunning(node.Lane, each.WorkflowId)
                && !workload.Course.ChangedByHand.Contains(each.WorkflowId)
            )
            {
                world.Violated($"{node.Lane.Name} releases its claim of {each.WorkflowId} while it is running");
            }
        }
    }

    private async Task InTransitAsync(string where, CancellationToken cancellation)
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

    /// <summary>The change log over the same connection.</summary>
    private sealed class NodeChangeLog(NodeStore store, IChangeLog log) : IChangeLog
    {
        public TimeSpan Notice => log.Notice;

        public TimeSpan ReadInterval => log.ReadInterval;

        public Task<bool> ListenAsync(TimeSpan time, CancellationToken cancellation) =>
            store.CallAsync("listen to changes", () => log.ListenAsync(time, cancellation), cancellation);

        public Task StopListeningAsync(CancellationToken cancellation) =>
            CallAsync("stop listening", () => log.StopListeningAsync(cancellation), cancellation);

        public Task<LogPage> ReadAsync(long after, long read, int limit, CancellationToken cancellation) =>
            store.CallAsync("read changes", () => log.ReadAsync(after, read, limit, cancellation), cancellation);

        public Task ForgetAsync(CancellationToken cancellation) =>
            CallAsync("forget changes", () => log.ForgetAsync(cancellation), cancellation);

        private Task<bool> CallAsync(string name, Func<Task> call, CancellationToken cancellation) =>
            store.CallAsync(
                name,
                async () =>
                {
                    await call();
                    return true;
                },
                cancellation
            );
    }
}
