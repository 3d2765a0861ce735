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

        // The names are kept in the order in which the signals came.
        var name = workflow.KeptSignals!.All.First(workflow.AwaitedSignals!.All.Contains);
        return await store.OldestSignalAsync(workflow.Id, name, cancellation) is { } oldest
            ? new ReceivedSignal(oldest.Id, oldest.Name, oldest.Key, oldest.Payload, oldest.Sent, variablesJson)
            : null;
    }
}
