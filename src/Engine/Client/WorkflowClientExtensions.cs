using System.Reflection;
using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>Typed variants of the calls of <see cref="IWorkflowClient"/> and <see cref="IWorkflowHandle"/>.</summary>
public static class WorkflowClientExtensions
{
    /// <summary>Starts a workflow of a class. See <see cref="IWorkflowClient.StartAsync"/>.</summary>
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

    /// <summary>Sends a signal that is named after the type of its payload. See <see cref="SignalName"/>.</summary>
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

    /// <summary>Waits until the workflow has ended, and deserializes its result.</summary>
    /// <exception cref="WorkflowFailedException">The workflow has ended with a status other than FINISHED.</exception>
    /// <exception cref="WorkflowCallException">The workflow does not exist (NotFound).</exception>
    /// <exception cref="System.Text.Json.JsonException">
    /// There is no result, or it cannot be deserialized to <typeparamref name="T"/>.
    /// </exception>
    public static async Task<T> ResultAsync<T>(this IWorkflowHandle workflow, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        var end = await workflow.EndAsync(cancellation);
        return end.Status == WorkflowStatus.Finished ? end.ResultAs<T>() : throw new WorkflowFailedException(end);
    }

    private static string NameOf(Type workflow) =>
        workflow.GetCustomAttribute<WorkflowAttribute>()?.Name ?? workflow.Name;
}
