using System.Threading.Channels;
using Microsoft.Playwright;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>Records the requests of the browser tabs and tracks the open event streams.</summary>
internal sealed class BrowserRequests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<IRequest> requests = [];
    private readonly List<IRequest> open = [];
    private readonly Channel<bool> changes = Channel.CreateUnbounded<bool>();

    public BrowserRequests(IBrowserContext context)
    {
        context.Request += (_, request) => Begin(request);
        context.RequestFinished += (_, request) => End(other => other == request);
        context.RequestFailed += (_, request) => End(other => other == request);
        context.Page += (_, page) => page.Close += (_, _) => End(request => request.Frame.Page == page);
    }

    /// <summary>The number of requests of a tab for a path.</summary>
    public int Count(IPage page, string path)
    {
        lock (gate)
        {
            return requests.Count(request => request.Frame.Page == page && PathOf(request) == path);
        }
    }

    /// <summary>Waits until the open streams match the condition, and returns them.</summary>
    public async Task<IReadOnlyList<IRequest>> StreamsAsync(
        Func<IReadOnlyList<IRequest>, bool> isWanted,
        CancellationToken cancellation
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        while (true)
        {
            var streams = Open();
            if (isWanted(streams))
            {
                return streams;
            }

            await changes.Reader.ReadAsync(limit.Token);
        }
    }

    private static string PathOf(IRequest request) => new Uri(request.Url).AbsolutePath;

    private IReadOnlyList<IRequest> Open()
    {
        lock (gate)
        {
            return [.. open];
        }
    }

    private void Begin(IRequest request)
    {
        lock (gate)
        {
            requests.Add(request);
            if (PathOf(request) == "/api/events")
            {
                open.Add(request);
            }
        }

        changes.Writer.TryWrite(true);
    }

    private void End(Predicate<IRequest> isEnded)
    {
        lock (gate)
        {
            open.RemoveAll(isEnded);
        }

        changes.Writer.TryWrite(true);
    }
}
