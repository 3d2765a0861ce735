namespace GopherFlow.Simulation;

/// <summary>The store as one process reaches it: over a connection to which anything can happen.</summary>
internal sealed class NodeStore(
    SimulatedWorld world,
    Node node,
    IWorkflowStore shared,
    Weather weather,
    HintNetwork hints
) : DelegatingStore(shared)
{
    /// <summary>How long a call or its answer may be on its way.</summary>
    public static TimeSpan LongestDelay(NodeSetting setting) => 2 * setting.Lease;

    public override int ConcurrentWrites => node.Setting.ConcurrentWrites;

    public override Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
        CallAsync(
            nameof(WriteAsync),
            async () =>
            {
                var result = await Inner.WriteAsync(batch, cancellation);
                hints.Tell(node, result.Changes);
                return result;
            },
            cancellation
        );

    public override Task ListenAsync(Action<DueHint> told, CancellationToken cancellation) =>
        hints.ListenAsync(node, told, cancellation);

    public override bool IsTransient(Exception exception) => exception is ConnectionLostException;

    protected override async Task<T> CallAsync<T>(string name, Func<Task<T>> call, CancellationToken cancellation)
    {
        world.MustBeAtHome($"the store is called: {name}");
        await OnTheWayAsync($"before {name}", cancellation);
        if (world.Chance.Hit(weather.FailBefore))
        {
            node.Tell($"{name}: fails without effect");
            throw new ConnectionLostException($"before {name}");
        }

        var result = await call();
        if (world.Chance.Hit(weather.LoseAnswer))
        {
            node.Tell($"{name}: takes effect, but its answer is lost");
            await OnTheWayAsync($"after {name}", CancellationToken.None);
            throw new ConnectionLostException($"after {name}");
        }

        await OnTheWayAsync($"after {name}", CancellationToken.None);
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
}
