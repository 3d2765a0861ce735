using System.Diagnostics;
using GopherFlow.Demo.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>More tabs than a browser opens connections to one server.</summary>
public sealed class ManyTabsTests
{
    private const int Tabs = 8;
    private const string Password = "not the default one";
    private const string Search = "/api/workflows/search";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData(TestBrowser.OtherHost)]
    public async Task Visible_tabs_share_one_stream_and_hidden_tabs_hold_none(string host)
    {
        using var folder = new TemporaryFolder();
        await using var demo = Start(folder);
        var server = await demo.ListeningAsync(Cancellation);
        using var api = await ApiCaller.SignInAsync(server, Password, Cancellation);
        using var listening = await api.ListenAsync(Cancellation);
        var id = await api.StartAsync("DemoWorkflow", "tabs", DateTimeOffset.UtcNow.AddDays(1), Cancellation);
        await using var browser = await TestBrowser.OpenAsync(server);
        var context = browser.Page.Context;
        var requests = new BrowserRequests(context);
        var address = new UriBuilder(server) { Host = host, Path = "workflows" }.Uri;

        // All tabs load.
        var first = await context.NewPageAsync();
        await SignIn.AsAdmin(first, address, Password);
        await SeeAsync([first], id, "Init");
        var others = await Task.WhenAll(Enumerable.Range(1, Tabs - 1).Select(_ => OpenAsync(context, address)));
        var tabs = others.Prepend(first).ToList();
        await SeeAsync(tabs, id, "Init");
        var stream = Assert.Single(await requests.StreamsAsync(streams => streams.Count == 1, Cancellation));
        Assert.Equal(host == TestBrowser.OtherHost, await first.EvaluateAsync<bool>("navigator.locks === undefined"));
        Assert.All(tabs, tab => Assert.Equal(1, requests.Count(tab, Search)));
        Assert.All(tabs, tab => Assert.Equal(1, requests.Count(tab, "/api/definitions")));

        // The list cannot be read, so a change can only come from its event.
        await context.RouteAsync($"**{Search}", route => route.AbortAsync());
        await api.MoveAsync(id, "Approve", Cancellation);
        var clock = Stopwatch.StartNew();
        await SeeAsync(tabs, id, "Approve");
        TestContext.Current.TestOutputHelper?.WriteLine($"{host}: shown in {Tabs} tabs after {clock.Elapsed}");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        // The tab that holds the stream is closed.
        tabs.Remove(stream.Frame.Page);
        await stream.Frame.Page.CloseAsync();
        stream = await OtherStreamAsync(requests, stream);
        Assert.Contains("lastEventId=", stream.Url, StringComparison.Ordinal);
        await api.MoveAsync(id, "Review", Cancellation);
        await SeeAsync(tabs, id, "Review");

        // The tab that holds the stream is hidden.
        var hidden = stream.Frame.Page;
        await HideAsync(hidden, true);
        stream = await OtherStreamAsync(requests, stream);
        Assert.NotEqual(hidden, stream.Frame.Page);

        // All tabs are hidden. One becomes visible again and shows the change.
        await Task.WhenAll(tabs.Select(tab => HideAsync(tab, true)));
        await requests.StreamsAsync(streams => streams.Count == 0, Cancellation);
        await context.UnrouteAsync($"**{Search}");
        await api.MoveAsync(id, "Approve", Cancellation);
        await HideAsync(hidden, false);
        await SeeAsync([hidden], id, "Approve");
        stream = Assert.Single(await requests.StreamsAsync(streams => streams.Count == 1, Cancellation));
        Assert.Equal(hidden, stream.Frame.Page);
        Assert.Empty(browser.PageErrors);
    }

    [Fact]
    public async Task The_list_is_read_at_a_limited_rate_while_many_workflows_start()
    {
        using var folder = new TemporaryFolder();
        await using var demo = Start(folder);
        var server = await demo.ListeningAsync(Cancellation);
        using var api = await ApiCaller.SignInAsync(server, Password, Cancellation);
        using var listening = await api.ListenAsync(Cancellation);
        await using var browser = await TestBrowser.OpenAsync(server);
        var requests = new BrowserRequests(browser.Page.Context);
        await SignIn.AsAdmin(browser.Page, new Uri(server, "workflows"), Password);
        await Expect(browser.Page.GetByText("There are no workflows yet.")).ToBeVisibleAsync();

        var clock = Stopwatch.StartNew();
        var last = 0L;
        for (var count = 0; count < 200; count++)
        {
            last = await api.StartAsync("DemoWorkflow", $"many-{count}", DateTimeOffset.UtcNow, Cancellation);
        }

        await SeeAsync([browser.Page], last, "Review");
        var reads = requests.Count(browser.Page, Search) - 1;
        TestContext.Current.TestOutputHelper?.WriteLine($"{reads} reads in {clock.Elapsed}");
        // At most two reads every 450 ms: the newest page and the changed rows.
        Assert.InRange(reads, 1, 2 * ((clock.Elapsed.TotalSeconds / 0.45) + 1));
        Assert.Equal(1, requests.Count(browser.Page, "/api/definitions"));
    }

    /// <summary>Starts a server with its own password, because with the default password only loopback hosts are allowed.</summary>
    private static DemoProcess Start(TemporaryFolder folder) =>
        DemoProcess.Start(
            folder.Path,
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["GFLOW_ADMIN_PASSWORD"] = Password,
                ["GFLOW_ALLOWED_HOSTS"] = $"127.0.0.1,{TestBrowser.OtherHost}",
            }
        );

    private static async Task<IPage> OpenAsync(IBrowserContext context, Uri address)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(address.ToString());
        return page;
    }

    private static Task SeeAsync(IEnumerable<IPage> tabs, long id, string state) =>
        Task.WhenAll(tabs.Select(tab => Expect(tab.GetByTestId($"workflow-{id}")).ToContainTextAsync(state)));

    private static async Task<IRequest> OtherStreamAsync(BrowserRequests requests, IRequest before) =>
        Assert.Single(await requests.StreamsAsync(streams => streams.Count == 1 && streams[0] != before, Cancellation));

    /// <summary>Simulates a hidden or visible tab, because a headless browser never hides one.</summary>
    private static async Task HideAsync(IPage page, bool isHidden) =>
        await page.EvaluateAsync(
            """
            isHidden => {
              Object.defineProperty(document, 'visibilityState', { value: isHidden ? 'hidden' : 'visible', configurable: true })
              document.dispatchEvent(new Event('visibilitychange'))
            }
            """,
            isHidden
        );
}
