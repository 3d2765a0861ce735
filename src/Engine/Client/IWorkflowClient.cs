namespace GopherFlow.Client;

/// <summary>
/// Starts workflows and gives access to them. The same code works with an engine in the same process, where this interface is registered as
/// a service, and over HTTP with <c>HttpWorkflowClient</c> of the package GopherFlow.Client. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// var order = await client.StartAsync&lt;Orders&gt;("order-17", new Order("pen", 2));
/// await order.SignalAsync(new Decision(true));
/// var receipt = await order.ResultAsync&lt;Receipt&gt;();
/// </code>
/// </example>
public interface IWorkflowClient
{
    /// <summary>Starts a workflow, unless one with the same key exists.</summary>
    /// <param name="workflowType">The name of its definition.</param>
    /// <param name="key">Its external id. The key identifies the workflow, so repeating the call does not start another one.</param>
    /// <param name="input">Its initial variables: any value that serializes to a JSON object; null for none.</param>
    /// <param name="options">Further options; null for the defaults.</param>
    /// <param name="cancellation">Cancels the wait. The workflow may have been started anyway.</param>
    /// <exception cref="WorkflowCallException">
    /// A field is invalid (Rejected), and nothing is stored. Over HTTP also: the key belongs to a workflow that was started with different
    /// values (Conflict).
    /// </exception>
    Task<IWorkflowHandle> StartAsync(
        string workflowType,
        string key,
        object? input = null,
        StartOptions? options = null,
        CancellationToken cancellation = default
    );

    /// <summary>
    /// Returns a handle for the workflow with a key, without reading anything. If the workflow does not exist, the calls of the handle
    /// throw.
    /// </summary>
    /// <param name="key">The external id of the workflow.</param>
    IWorkflowHandle Handle(string key);
}
