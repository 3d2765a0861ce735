using System.Reflection;
using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>The calls of <see cref="IWorkflowClient"/> and <see cref="IWorkflowHandle"/> by type.</summary>
public static class WorkflowClientExtensions
{
    /// <summary>Starts a workflow of a class: see <see cref="IWorkflowClient.StartAsync"/>.</summary>
    public static Task<IWorkflowHandle> StartAsync<TWorkflow>(
        this IWorkflowClient client,
        string key,
        object? input = null,
        StartOptions? options = null,
        CancellationToken cancellation = default
    )
        where TWorkflow : Workflow
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.StartAsync(NameOf(typeof(TWorkflow)), key, input, options, cancellation);
    }

    /// <summary>Sends a signal that is called as the type of its payload: see <see cref="SignalName"/>.</summary>
    /// <exception cref="WorkflowCallException">As <see cref="IWorkflowHandle.SignalAsync"/>.</exception>
    public static Task SignalAsync<T>(
        this IWorkflowHandle workflow,
        T payload,
        CancellationToken cancellation = default
    )
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return workflow.SignalAsync(SignalName.Of<T>(), payload, signalKey: null, cancellation);
    }

    /// <summary>Waits for its end and reads its result.</summary>
    /// <exception cref="WorkflowFailedException">It has ended, but not as FINISHED.</exception>
    /// <exception cref="WorkflowCallException">There is no such workflow (NotFound).</exception>
    /// <exception cref="System.Text.Json.JsonException">Its result does not have the shape of <typeparamref name="T"/>.</exception>
    public static async Task<T> ResultAsync<T>(this IWorkflowHandle workflow, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        var end = await workflow.EndAsync(cancellation);
        return end.Status == WorkflowStatus.Finished ? end.ResultAs<T>() : throw new WorkflowFailedException(end);
    }

    private static string NameOf(Type workflow) =>
        workflow.GetCustomAttribute<WorkflowAttribute>()?.Name ?? workflow.Name;
}
