using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>Finds the signal to pass to a state that waits for one.</summary>
internal sealed class SignalFinder(IWorkflowStore store, JsonSerializerOptions? variablesJson)
{
    /// <summary>Returns the oldest of the signals that a workflow waits for, or null. Queries the store only if there is one.</summary>
    public async ValueTask<ReceivedSignal?> FindAsync(WorkflowRecord workflow, CancellationToken cancellation)
    {
        if (!workflow.KeptSignals.Meet(workflow.AwaitedSignals))
        {
            return null;
        }

        // The names are in the order in which the signals arrived.
        var name = workflow.KeptSignals!.All.First(workflow.AwaitedSignals!.All.Contains);
        return await store.OldestSignalAsync(workflow.Id, name, cancellation) is { } oldest
            ? new ReceivedSignal(oldest.Id, oldest.Name, oldest.Key, oldest.Payload, oldest.Sent, variablesJson)
            : null;
    }
}
