using System.Text.Json;
using System.Text.Json.Nodes;
using GopherFlow.Authoring;
using GopherFlow.Operations;

namespace GopherFlow.Client;

/// <summary>The client that calls the engine in the same process.</summary>
internal sealed class EngineWorkflowClient(EngineCalls calls) : IWorkflowClient
{
    /// <summary>The actor that the history records for calls of this client.</summary>
    internal const string Actor = "client";

    public async Task<IWorkflowHandle> StartAsync(
        string workflowType,
        string key,
        object? input = null,
        StartOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(workflowType);
        ArgumentNullException.ThrowIfNull(key);
        options ??= new StartOptions();
        var create = new CreateWorkflow
        {
            ExternalId = key,
            WorkflowType = workflowType,
            BusinessKey = options.BusinessKey ?? key,
            ExecutorGroup = options.ExecutorGroup,
            StateVars = VariablesOf(input),
            LimitKey = options.LimitKey,
            NextActivation = options.Due,
            CreatedBy = Actor,
        };
        create = options.Priority is { } priority ? create with { Priority = priority } : create;
        await EngineCalls.CheckAsync(() =>
            options.Transaction is { } transaction
                ? calls.Workflows.CreateWithinAsync(transaction, create, cancellation)
                : calls.Workflows.CreateAsync(create, cancellation)
        );
        return Handle(key);
    }

    public IWorkflowHandle Handle(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new EngineWorkflowHandle(calls, key);
    }

    private Variables VariablesOf(object? input) =>
        input switch
        {
            null => new Variables(calls.Serialization),
            Variables variables => variables,
            _ => JsonSerializer.SerializeToNode(input, input.GetType(), calls.Serialization) is JsonObject values
                ? Variables.Parse(values.ToJsonString(calls.Serialization), calls.Serialization)
                : throw new WorkflowCallException(
                    CallFailure.Rejected,
                    $"input: expected a value whose JSON is an object, but got {input.GetType().Name}."
                ),
        };
}
