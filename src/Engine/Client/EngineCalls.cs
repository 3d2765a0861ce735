using System.Text.Json;
using GopherFlow.Operations;
using GopherFlow.Storage;

namespace GopherFlow.Client;

/// <summary>What the client in the process calls.</summary>
internal sealed record EngineCalls(
    IWorkflowStore Store,
    WorkflowOperations Workflows,
    SignalOperations Signals,
    Interventions Interventions,
    JsonSerializerOptions Serialization
)
{
    /// <summary>Calls, and names a rejected request as the client's callers know it.</summary>
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
