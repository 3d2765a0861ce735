using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace GopherFlow.Client;

/// <summary>What a server sends about commits.</summary>
public abstract record LiveEvent
{
    private LiveEvent() { }

    /// <summary>A workflow changed.</summary>
    /// <param name="Workflow">The workflow as it is after the change.</param>
    public sealed record WorkflowChanged(WorkflowEvent Workflow) : LiveEvent;

    /// <summary>Other versions of a definition run than before.</summary>
    /// <param name="Definition">Which.</param>
    public sealed record DefinitionChanged(DefinitionEvent Definition) : LiveEvent;

    /// <summary>
    /// The server listens for this client from now on: a client that reads the workflows now and keeps listening misses nothing. Sent again
    /// with each new connection.
    /// </summary>
    public sealed record Listening : LiveEvent;

    /// <summary>Events may be missing before this one: a client that reads the workflows now and keeps listening misses nothing.</summary>
    public sealed record Gap : LiveEvent;
}

public sealed partial class GopherFlowClient
{
    /// <summary>A server sends something every 15 seconds: a connection on which nothing has come for so long is dead.</summary>
    internal TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan BetweenConnections = TimeSpan.FromSeconds(1);

    private const string TooManyStreams = "urn:gopherflow:problem:too-many-streams";

    /// <summary>
    /// Listens to what is committed, on whichever server. Reconnects by itself, also when nothing has come for 45 seconds, and resumes
    /// after the last event received. A server has a limited number of streams for each user: while this client gets none, it tries again
    /// when the server asks it to, and a <see cref="LiveEvent.Gap"/> comes before each try.
    /// </summary>
    /// <param name="workflowId">Only one workflow; null for all.</param>
    /// <param name="familyId">Only one workflow and its children; null for all.</param>
    /// <param name="workflowType">Only workflows of one type; null for all.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="GopherFlowException">The server refuses it.</exception>
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
                await using var stream = new LimitedSilenceStream(
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

    /// <summary>Makes a call until it is answered: a wait outlasts a lost connection and the restart of a server.</summary>
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

    /// <summary>Neither an answer nor a refusal when the server cannot be reached now.</summary>
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

    /// <summary>False when the stream has ended, in order or not.</summary>
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

    /// <summary>A cancellation that is not the caller's is a time limit, of this client or of the HttpClient.</summary>
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
