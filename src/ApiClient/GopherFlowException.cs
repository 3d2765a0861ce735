using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace GopherFlow.Client;

/// <summary>A request that the server did not carry out.</summary>
public sealed class GopherFlowException : Exception
{
    private GopherFlowException(HttpResponseMessage response, ProblemDetails? problem, string message)
        : base(message)
    {
        Status = response.StatusCode;
        RetryAfter = response.Headers.RetryAfter?.Delta;
        Problem = problem;
    }

    /// <summary>The status of the answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>How long the server asks to wait before the next try; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>What the server says of it; null when something else has answered, such as a proxy.</summary>
    public ProblemDetails? Problem { get; }

    internal static async Task<GopherFlowException> OfAsync(
        HttpResponseMessage response,
        JsonSerializerOptions json,
        CancellationToken cancellation
    )
    {
        var problem = await ProblemAsync(response, json, cancellation);
        return problem is null
            ? new(response, null, $"The server answered {(int)response.StatusCode}.")
            : new(response, problem, $"{problem.Title}: {problem.Detail}");
    }

    /// <summary>Problem documents of others may lack what those of a GopherFlow server have.</summary>
    private static async Task<ProblemDetails?> ProblemAsync(
        HttpResponseMessage response,
        JsonSerializerOptions json,
        CancellationToken cancellation
    )
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return null;
        }

        try
        {
            return await response.Content.ReadFromJsonAsync<ProblemDetails>(json, cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
