using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GopherFlow.Client;

/// <summary>
/// A client for the HTTP API of a GopherFlow server, with one method per operation. Thread-safe. The server documents each operation and
/// the roles that may call it at <c>/api/docs</c>.
/// </summary>
public sealed partial class GopherFlowClient
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HttpClient http;
    private readonly string? apiKey;

    /// <summary>Creates a client from an <see cref="HttpClient"/> whose base address is the server's.</summary>
    /// <param name="http">The HTTP client. The caller keeps ownership and disposes it.</param>
    /// <param name="apiKey">
    /// Sent with each request in the header X-API-Key. Null if the caller's message handler authenticates the requests.
    /// </param>
    public GopherFlowClient(HttpClient http, string? apiKey = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        this.http = http;
        this.apiKey = apiKey;
    }

    /// <summary>
    /// Escapes a path segment. "." and ".." are rejected, because they are resolved as relative segments even if they are escaped, and
    /// would never reach the server.
    /// </summary>
    private static string Escape(object value) =>
        Text(value) is var text and not ("." or "..")
            ? Uri.EscapeDataString(text!)
            : throw new ArgumentException(
                $"'{value}' cannot be used in a URL, because it is a relative path segment. To find a workflow with this external id, use SearchWorkflowsAsync.",
                nameof(value)
            );

    private static string? Text(object? value) =>
        value switch
        {
            null => null,
            DateTimeOffset instant => instant.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };

    private HttpRequestMessage Request(
        HttpMethod method,
        string path,
        IEnumerable<(string Name, string? Value)> query,
        IEnumerable<(string Name, string? Value)> headers,
        object? body
    )
    {
        var parameters = query
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");
        var text = string.Join("&", parameters);
        var request = new HttpRequestMessage(
            method,
            new Uri(text.Length == 0 ? path : $"{path}?{text}", UriKind.Relative)
        );
        foreach (var (name, value) in headers.Append(("X-API-Key", apiKey)))
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(
                body,
                body.GetType(),
                new MediaTypeHeaderValue("application/json"),
                Json
            );
        }

        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        HttpCompletionOption completion,
        CancellationToken cancellation
    )
    {
        var response = await http.SendAsync(request, completion, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await GopherFlowException.OfAsync(response, Json, cancellation);
        }
    }

    private async Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        IEnumerable<(string Name, string? Value)> query,
        IEnumerable<(string Name, string? Value)> headers,
        object? body,
        CancellationToken cancellation
    )
    {
        using var request = Request(method, path, query, headers, body);
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return await response.Content.ReadFromJsonAsync<T>(Json, cancellation)
            ?? throw new JsonException($"The response to {method} {path} is null.");
    }

    private async Task SendAsync(
        HttpMethod method,
        string path,
        IEnumerable<(string Name, string? Value)> query,
        IEnumerable<(string Name, string? Value)> headers,
        object? body,
        CancellationToken cancellation
    )
    {
        using var request = Request(method, path, query, headers, body);
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
    }
}
