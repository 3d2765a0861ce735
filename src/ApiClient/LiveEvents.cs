using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace GopherFlow.Client;

/// <summary>An event that a server publishes about commits.</summary>
public abstract record LiveEvent
{
    private LiveEvent() { }

    /// <summary>A workflow changed.</summary>
    /// <param name="Workflow">The workflow after the change.</param>
    public sealed record WorkflowChanged(WorkflowEvent Workflow) : LiveEvent;

    /// <summary>The running versions of a definition changed.</summary>
    /// <param name="Definition">The definition.</param>
    public sealed record DefinitionChanged(DefinitionEvent Definition) : LiveEvent;

    /// <summary>
    /// The subscription is active. A client that reads the workflows now and keeps listening misses nothing. Sent again after each
    /// reconnect.
    /// </summary>
    public sealed record Listening : LiveEvent;

    /// <summary>
    /// Events before this one may be missing. A client that reads the workflows now and keeps listening misses nothing further.
    /// </summary>
    public sealed record Gap : LiveEvent;
}

public sealed partial class GopherFlowClient
{
    /// <summary>
    /// The read timeout of the event stream. A server sends something every 15 seconds, so a longer silence means that the connection is
    /// dead. Default: 45 seconds.
    /// </summary>
    internal TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan BetweenConnections = TimeSpan.FromSeconds(1);

    private const string TooManyStreams = "urn:gopherflow:problem:too-many-streams";

    /// <summary>
    /// Subscribes to the commits of all servers. Reconnects automatically, also after 45 seconds of silence, and resumes after the last
    /// event received. A server limits the number of streams per user. When the limit is reached, the client retries after the time that
    /// the server requests, and yields a <see cref="LiveEvent.Gap"/> before each retry.
    /// </summary>
    /// <param name="workflowId">Only one workflow; null for all.</param>
    /// <param name="familyId">Only one workflow and its children; null for all.</param>
    /// <param name="workflowType">Only workflows of one type; null for all.</param>
    /// <param name="cancellation">Ends the subscription.</param>
    /// <exception cref="GopherFlowException">The server rejected the request with a status below 500.</exception>
    public async IAsyncEnumerable<LiveEvent> ListenAsync(
        long? workflowId = null,
        long? familyId = null,
        string? workflowType = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        string? last = null;
        while (true)
        {
            using var request = Request(
                HttpMethod.Get,
                "/api/events",
                [("workflowId", Text(workflowId)), ("familyId", Text(familyId)), ("workflowType", workflowType)],
                [("Last-Event-ID", last)],
                body: null
            );
            var (opened, refusal) = await OpenAsync(request, cancellation);
            using var response = opened;
            if (response is not null)
            {
                await using var stream = new ReadTimeoutStream(
                    await response.Content.ReadAsStreamAsync(cancellation),
                    LongestSilence
                );
                await using var items = SseParser
                    .Create(stream)
                    .EnumerateAsync(cancellation)
                    .GetAsyncEnumerator(cancellation);
                while (await NextAsync(items, cancellation))
                {
                    last = items.Current.EventId ?? last;
                    if (Read(items.Current) is { } read)
                    {
                        yield return read;
                    }
                }
            }

            await Task.Delay(PauseAfter(refusal), cancellation);
            if (refusal?.Problem?.Type == TooManyStreams)
            {
                yield return new LiveEvent.Gap();
            }
        }
    }

    /// <summary>Retries a call on lost connections and on server errors (5xx), so that a wait survives the restart of a server.</summary>
    internal async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception failure)
                when (IsLostConnection(failure, cancellation)
                    || failure is GopherFlowException { Status: >= HttpStatusCode.InternalServerError }
                )
            {
                await Task.Delay(PauseAfter(failure as GopherFlowException), cancellation);
            }
        }
    }

    private TimeSpan PauseAfter(GopherFlowException? refusal)
    {
        var asked = refusal?.RetryAfter ?? BetweenConnections;
        return asked < LongestSilence ? asked : LongestSilence;
    }

    /// <summary>Opens the stream. Both results are null when the server cannot be reached.</summary>
    private async Task<(HttpResponseMessage? Response, GopherFlowException? Refusal)> OpenAsync(
        HttpRequestMessage request,
        CancellationToken cancellation
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestSilence);
        try
        {
            return (await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token), null);
        }
        catch (Exception failure) when (IsLostConnection(failure, cancellation))
        {
            return (null, null);
        }
        catch (GopherFlowException refused) when ((int)refused.Status >= 500)
        {
            return (null, refused);
        }
    }

    /// <summary>Reads the next item. False when the stream has ended or the connection is lost.</summary>
    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<string>> items, CancellationToken cancellation)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception failure) when (IsLostConnection(failure, cancellation))
        {
            return false;
        }
    }

    /// <summary>
    /// Whether the connection was lost. A cancellation that the caller did not request is a timeout of this client or of the HttpClient.
    /// </summary>
    private static bool IsLostConnection(Exception failure, CancellationToken cancellation) =>
        failure is IOException or HttpRequestException
        || (failure is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static LiveEvent? Read(SseItem<string> item) =>
        item.EventType switch
        {
            "workflow" => new LiveEvent.WorkflowChanged(JsonSerializer.Deserialize<WorkflowEvent>(item.Data, Json)!),
            "definition" => new LiveEvent.DefinitionChanged(
                JsonSerializer.Deserialize<DefinitionEvent>(item.Data, Json)!
            ),
            "hello" => new LiveEvent.Listening(),
            "resync" => new LiveEvent.Gap(),
            _ => null,
        };
}
