namespace GopherFlow.Client;

/// <summary>
/// Starts workflows and finds them again. Code that uses it does not know whether the engine is in its own process
/// (it is a service there) or behind an HTTP API (<c>HttpWorkflowClient</c> of the package GopherFlow.Client). Thread-safe.
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
    /// <summary>Starts a workflow, unless there is one with that key.</summary>
    /// <param name="workflowType">The name of its definition.</param>
    /// <param name="key">Its external id: the same key is the same workflow, so a call that is repeated starts nothing new.</param>
    /// <param name="input">The variables it starts with: anything whose JSON is an object; null for none.</param>
    /// <param name="options">The rest; null for the defaults.</param>
    /// <param name="cancellation">Ends the wait; the workflow may have been started all the same.</param>
    /// <exception cref="WorkflowCallException">A field is faulty (Rejected), and nothing is stored; or over HTTP, the key belongs to a workflow that was started with something else (Conflict).</exception>
    Task<IWorkflowHandle> StartAsync(
        string workflowType,
        string key,
        object? input = null,
        StartOptions? options = null,
        CancellationToken cancellation = default
    );

    /// <summary>The workflow with a key. Nothing is read; the handle's calls say when there is none.</summary>
    /// <param name="key">Its external id.</param>
    IWorkflowHandle Handle(string key);
}
