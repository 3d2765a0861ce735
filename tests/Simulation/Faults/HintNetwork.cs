namespace GopherFlow.Simulation;

/// <summary>
/// Sends hints of due work to other processes, as LISTEN/NOTIFY does: late, twice, in any order, or not at all.
/// </summary>
internal sealed class HintNetwork(SimulatedWorld world, FaultRates weather)
{
    private readonly Dictionary<Node, Action<DueHint>> listeners = [];

    public void Tell(Node from, IReadOnlyList<WorkflowChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.NextActivation is not { } due)
            {
                continue;
            }

            foreach (var (node, told) in listeners)
            {
                var copies = node == from ? 0 : world.Chance.Below(3);
                for (var copy = 0; copy < copies; copy++)
                {
                    world.At(
                        world.Now + world.Chance.Milliseconds(500),
                        () =>
                            Deliver(
                                node,
                                told,
                                new DueHint(
                                    change.ExecutorGroup,
                                    new DefinitionKey(change.WorkflowType, change.Version),
                                    due
                                )
                            )
                    );
                }
            }
        }
    }

    public async Task ListenAsync(Node node, StoreNews news, CancellationToken cancellation)
    {
        listeners[node] = news.Due;
        try
        {
            while (!world.Chance.Hit(weather.FailBefore))
            {
                await Task.Delay(TimeSpan.FromSeconds(5), node.Lane.Clock, cancellation);
            }

            throw new ConnectionLostException("while listening");
        }
        finally
        {
            listeners.Remove(node);
        }
    }

    public void Forget(Node node) => listeners.Remove(node);

    private static void Deliver(Node node, Action<DueHint> told, DueHint hint)
    {
        if (!node.Lane.Ended)
        {
            node.Lane.Post(() => told(hint));
        }
    }
}
