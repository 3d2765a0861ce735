using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace GopherFlow.Client;

/// <summary>A request that the server did not carry out.</summary>
public sealed class GopherFlowException : Exception
{
    private GopherFlowException(HttpStatusCode status, ProblemDetails? problem, string message)
        : base(message)
    {
        Status = status;
        Problem = problem;
    }

    /// <summary>The status of the answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>What the server says of it; null when something else has answered, such as a proxy.</summary>
    public ProblemDetails? Problem { get; }

    internal static async Task<GopherFlowException> OfAsync(
        HttpResponseMessage response,
        JsonSerializerOptions json,
        CancellationToken cancellation
    )
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(json, cancellation);
            if (problem is not null)
            {
                return new(response.StatusCode, problem, $"{problem.Title}: {problem.Detail}");
            }
        }

        return new(response.StatusCode, null, $"The server answered {(int)response.StatusCode}.");
    }
}
