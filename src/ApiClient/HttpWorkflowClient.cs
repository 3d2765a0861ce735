using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>A workflow client that uses the HTTP API of a server. Thread-safe.</summary>
/// <param name="api">The API client. The role of its key must permit the operations that are called.</param>
/// <param name="serialization">
/// The serializer options for inputs, payloads, data and results. Null for the defaults of an engine without custom converters: camelCase
/// names, enums by name.
/// </param>
public sealed class HttpWorkflowClient(GopherFlowClient api, JsonSerializerOptions? serialization = null)
    : IWorkflowClient
{
    private readonly JsonSerializerOptions json =
        serialization
        ?? new JsonSerializerOptions(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The options have a transaction, which is not possible over HTTP.</exception>
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

    /// <summary>Makes a call and converts rejections by the server to <see cref="WorkflowCallException"/>.</summary>
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

    /// <summary>The failure of a call, or null. An error from something else, such as a proxy, says nothing about the workflow.</summary>
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
                $"input: expected a value whose JSON is an object, but got {input.GetType().Name}."
            );
    }
}
