using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>Finds the signal with which a state runs that waits for one.</summary>
internal sealed class SignalFinder(IWorkflowStore store, JsonSerializerOptions? variablesJson)
{
    /// <summary>The oldest of those that a workflow waits for, or null; asks the store only when there is one.</summary>
    public async ValueTask<ReceivedSignal?> FindAsync(WorkflowRecord workflow, CancellationToken cancellation)
    {
        if (!workflow.KeptSignals.Meet(workflow.AwaitedSignals))
        {
            return null;
        }

        var awaited = workflow.AwaitedSignals!.All;
        var kept = await store.SignalsAsync(workflow.Id, cancellation);
        return kept.FirstOrDefault(signal => awaited.Contains(signal.Name)) is { } first
            ? new ReceivedSignal(first.Id, first.Name, first.Key, first.Payload, first.Sent, variablesJson)
            : null;
    }
}
