using System.Globalization;
using GopherFlow.Operations;

namespace GopherFlow.Simulation;

/// <summary>Sends signals, some again with the same key, and records which were acknowledged.</summary>
internal sealed class Senders(SimulatedWorld world, Callers callers)
{
    private const int Keys = 3;
    private int sent;

    /// <summary>The payloads of acknowledged signals, and their workflows.</summary>
    public List<(long WorkflowId, string Payload)> Acknowledged { get; } = [];

    /// <summary>Sends a signal to a random workflow, mostly to one that waits for signals, sometimes to all of them.</summary>
    public void Send(Node node)
    {
        var parcels = callers.All().Where(each => each.WorkflowType == Workload.Parcel).ToList();
        var signal = NewSignal(world.Chance.One(Workload.Signals)) with
        {
            Key = world.Chance.Hit(0.3) ? $"key-{world.Chance.Below(Keys)}" : null,
        };
        if (parcels.Find(each => each is { AwaitedSignals: not null, NextActivation: not null }) is { } waiting)
        {
            SendAt(waiting.NextActivation!.Value + world.Chance.Milliseconds(400), node, waiting);
        }

        if (world.Chance.Hit(0.15))
        {
            Send(node, signal with { BusinessKey = Callers.BusinessKey, WorkflowType = Workload.Parcel });
        }
        else if (world.Chance.Hit(0.2) && callers.AnyRequest(Workload.Parcel) is { } request)
        {
            Send(node, signal with { ExternalId = request.ExternalId, OrCreate = request });
        }
        else if (parcels.Count > 0 && world.Chance.Hit(0.85))
        {
            Send(node, signal with { WorkflowId = world.Chance.One(parcels).Id });
        }
        else if (callers.Anyone() is { } anyone)
        {
            Send(node, signal with { WorkflowId = anyone.Id });
        }
    }

    /// <summary>Sends an awaited signal at the time of its deadline.</summary>
    private void SendAt(DateTimeOffset instant, Node node, WorkflowRecord waiting) =>
        world.At(
            instant,
            () =>
            {
                if (node.Serves)
                {
                    Send(node, NewSignal(waiting.AwaitedSignals!.All[0]) with { WorkflowId = waiting.Id });
                }
            }
        );

    /// <summary>Sends the signals that are awaited without a deadline.</summary>
    public void SendMissing(Node node)
    {
        foreach (
            var workflow in callers
                .All()
                .Where(workflow =>
                    workflow is { Status: WorkflowStatus.InProgress, AwaitedSignals: not null, DeadlineState: null }
                    && !workflow.KeptSignals.Meet(workflow.AwaitedSignals)
                )
        )
        {
            Send(node, NewSignal(workflow.AwaitedSignals!.All[0]) with { WorkflowId = workflow.Id });
        }
    }

    private SendSignal NewSignal(string name) =>
        new()
        {
            Name = name,
            Payload = (++sent).ToString(CultureInfo.InvariantCulture),
            Actor = "somebody",
        };

    private void Send(Node node, SendSignal signal)
    {
        world.Trace.Add(
            world.Now,
            "sender",
            $"sends {signal.Name} {signal.Payload} to {signal.WorkflowId} {signal.ExternalId}{signal.BusinessKey}, key {signal.Key}"
        );
        node.Signal(async signals =>
        {
            var result = await signals.SendAsync(signal);
            Acknowledged.AddRange(result.WorkflowIds.Select(id => (id, signal.Payload)));
        });
    }
}
