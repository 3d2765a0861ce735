using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace GopherFlow.Client;

/// <summary>A request that the server rejected or could not complete.</summary>
public sealed class GopherFlowException : Exception
{
    private GopherFlowException(HttpResponseMessage response, ProblemDetails? problem, string message)
        : base(message)
    {
        Status = response.StatusCode;
        RetryAfter = response.Headers.RetryAfter?.Delta;
        Problem = problem;
    }

    /// <summary>The HTTP status of the response.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>How long to wait before a retry, from the header Retry-After; null if the response does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The problem details of the server; null if something else responded, such as a proxy.</summary>
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

    /// <summary>Problem documents of other servers may lack required fields. Those are ignored.</summary>
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
