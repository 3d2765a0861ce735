using System.Text.Json;
using GopherFlow.Operations;
using GopherFlow.Storage;

namespace GopherFlow.Client;

/// <summary>The parts of the engine that the in-process client calls.</summary>
internal sealed record EngineCalls(
    IWorkflowStore Store,
    WorkflowOperations Workflows,
    SignalOperations Signals,
    Interventions Interventions,
    JsonSerializerOptions Serialization
)
{
    /// <summary>Runs a call, and turns a rejected request into the exception that the client documents.</summary>
    public static async Task<T> CheckAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RejectedRequestException rejected)
        {
            throw new WorkflowCallException(CallFailure.Rejected, rejected.Message, rejected);
        }
    }
}
