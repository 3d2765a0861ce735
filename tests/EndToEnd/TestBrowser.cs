using System.Collections.Concurrent;
using GopherFlow.Demo.Tests;
using Microsoft.Playwright;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>A page in the installed Chromium. Records requests to other hosts and uncaught exceptions.</summary>
internal sealed class TestBrowser : IAsyncDisposable
{
    /// <summary>A name of this machine that is not a secure context for the browser, because it is neither https nor localhost.</summary>
    public const string OtherHost = "gopher.test";

    private const float LimitInMilliseconds = 30_000;

    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        $"--host-resolver-rules=MAP {OtherHost} 127.0.0.1",
    ];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly ConcurrentQueue<string> requestsElsewhere = new();
    private readonly ConcurrentQueue<string> pageErrors = new();

    private TestBrowser(IPlaywright playwright, IBrowser browser, IPage page, Uri server)
    {
        this.playwright = playwright;
        this.browser = browser;
        Page = page;
        page.SetDefaultTimeout(LimitInMilliseconds);
        page.Request += (_, request) => NoteElsewhere(server, request.Url);
        page.PageError += (_, error) => pageErrors.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Requests to hosts other than the server.</summary>
    public IReadOnlyCollection<string> RequestsElsewhere => requestsElsewhere;

    /// <summary>Uncaught exceptions of the page.</summary>
    public IReadOnlyCollection<string> PageErrors => pageErrors;

    public static async Task<TestBrowser> OpenAsync(Uri server)
    {
        Assertions.SetDefaultExpectTimeout(LimitInMilliseconds);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program(), Args = Arguments });
        var context = await browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = 1440, Height = 1000 },
            }
        );
        var page = await context.NewPageAsync();
        return new TestBrowser(playwright, browser, page, server);
    }

    /// <summary>Performs an action and saves a screenshot. On failure the exception includes the errors of the page.</summary>
    public async Task ShowAsync(string name, Func<IPage, Task> act)
    {
        try
        {
            await act(Page);
            await ScreenshotAsync(name);
        }
        catch (Exception fault) when (fault is PlaywrightException or TimeoutException)
        {
            await ScreenshotAsync($"{name}-failed");
            throw new InvalidOperationException(
                $"{name}: {fault.Message}\nIn the page: {string.Join('\n', pageErrors)}",
                fault
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    /// <summary>Saves a screenshot in artifacts/screenshots.</summary>
    private Task<byte[]> ScreenshotAsync(string name) =>
        Page.ScreenshotAsync(new() { Path = Repository.PathOf($"artifacts/screenshots/{name}.png"), FullPage = true });

    private static string Program() =>
        Environment.GetEnvironmentVariable("GFLOW_TEST_CHROMIUM") is { Length: > 0 } named
            ? named
            : "/usr/bin/chromium";

    private void NoteElsewhere(Uri server, string url)
    {
        var address = new Uri(url);
        var isOnTheWire = address.Scheme is "http" or "https" or "ws" or "wss";
        if (isOnTheWire && address.Authority != server.Authority)
        {
            requestsElsewhere.Enqueue(url);
        }
    }
}
