using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>The workflows of a server, over its HTTP API. Thread-safe.</summary>
/// <param name="api">The API, with a key whose role may do what is called.</param>
/// <param name="serialization">
/// How inputs and payloads are written and data and results are read; null is the way of an engine without converters of its own: camelCase
/// names, enums by name.
/// </param>
public sealed class HttpWorkflowClient(GopherFlowClient api, JsonSerializerOptions? serialization = null)
    : IWorkflowClient
{
    private readonly JsonSerializerOptions json =
        serialization
        ?? new JsonSerializerOptions(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The options have a transaction, which a server cannot take part in.</exception>
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
        if (options.Transaction is not null)
        {
            throw new NotSupportedException("A workflow cannot be started within a transaction over HTTP.");
        }

        var request = new CreateWorkflowRequest
        {
            ExternalId = key,
            WorkflowType = workflowType,
            BusinessKey = options.BusinessKey ?? key,
            ExecutorGroup = options.ExecutorGroup,
            StateVars = input is null ? null : ObjectOf(input),
            Priority = options.Priority,
            LimitKey = options.LimitKey,
            NextActivation = options.Due,
        };
        var created = await CheckAsync(() => api.CreateWorkflowAsync(request, cancellation: cancellation));
        return new HttpWorkflowHandle(api, json, key, created.Id);
    }

    /// <inheritdoc/>
    public IWorkflowHandle Handle(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new HttpWorkflowHandle(api, json, key, id: null);
    }

    /// <summary>Calls, and names what the server refuses as the callers of a workflow client know it.</summary>
    internal static async Task<T> CheckAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (GopherFlowException refused) when (FailureOf(refused) is { } failure)
        {
            throw new WorkflowCallException(failure, refused.Message, refused);
        }
    }

    /// <summary>A refusal of something else than the server, such as a proxy, says nothing about the workflow.</summary>
    private static CallFailure? FailureOf(GopherFlowException refused) =>
        (refused.Problem, refused.Status) switch
        {
            (null, _) => null,
            (_, HttpStatusCode.BadRequest) => CallFailure.Rejected,
            (_, HttpStatusCode.NotFound) => CallFailure.NotFound,
            (_, HttpStatusCode.Conflict) => CallFailure.Conflict,
            _ => null,
        };

    private JsonElement ObjectOf(object input)
    {
        if (input is Variables variables)
        {
            return JsonElement.Parse(variables.ToJson());
        }

        var values = JsonSerializer.SerializeToElement(input, input.GetType(), json);
        return values.ValueKind == JsonValueKind.Object
            ? values
            : throw new WorkflowCallException(
                CallFailure.Rejected,
                $"input: expected a value whose JSON is an object, but a {input.GetType().Name} came."
            );
    }
}
