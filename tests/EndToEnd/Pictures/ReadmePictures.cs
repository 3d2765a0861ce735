using GopherFlow.Demo.Tests;
using Microsoft.Playwright;

namespace GopherFlow.EndToEnd.Tests.Pictures;

/// <summary>Generates the README images for <c>dotnet fsi build.fsx pictures</c>.</summary>
public sealed class ReadmePictures
{
    private const string Folder = "docs/pictures";
    private const string State = "[data-testid^=state-]";
    private const int FrameMilliseconds = 120;
    private static readonly TimeSpan BeforeTheRun = TimeSpan.FromSeconds(4);
    private const int LastFrameMilliseconds = 2500;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Are_made()
    {
        using var folder = new TemporaryFolder();
        await using var demo = DemoProcess.Start(
            folder.Path,
            new Dictionary<string, string>
            {
                ["GFLOW_DEMO_SPEED"] = "6",
                ["GFLOW_SCRIPTS_DIR"] = Repository.PathOf("scripts"),
                ["GFLOW_SCRIPTS_CACHE"] = folder.File("cache"),
            }
        );
        var address = await demo.ListeningAsync(Cancellation);
        using var api = await ApiCaller.SignInAsync(address, "admin", Cancellation);
        await api.HasDefinitionAsync("PollJob", Cancellation);
        var order = await FillAsync(api);
        await using var browser = await TestBrowser.OpenAsync(address);
        var page = browser.Page;
        await page.SetViewportSizeAsync(1280, 800);
        await SignIn.AsAdmin(page, address);

        await ShowAsync(page, new Uri(address, ""), "dashboard", "canvas");
        await ShowAsync(page, new Uri(address, $"workflows/{order}"), "workflow", State);
        await ShowAsync(page, new Uri(address, "definitions/Approval"), "definition", State);
        await ShowAsync(
            page,
            new Uri(address, "scripts/BookingSaga"),
            "studio",
            "text=The server has checked this text."
        );

        // The run starts when the page has loaded.
        var begin = DateTimeOffset.UtcNow + BeforeTheRun;
        var parent = await api.StartAsync("DemoParentWorkflow", "first steps", begin, Cancellation);
        await page.SetViewportSizeAsync(960, 600);
        await page.GotoAsync(new Uri(address, $"workflows/{parent}").ToString());
        await File.WriteAllBytesAsync(
            Repository.PathOf($"{Folder}/run.png"),
            AnimatedPng.Of(await FramesAsync(page)),
            Cancellation
        );
    }

    /// <summary>Starts some workflows of each kind.</summary>
    /// <returns>The id of the last FanOutOrder.</returns>
    private static async Task<long> FillAsync(ApiCaller api)
    {
        var order = 0L;
        for (var number = 1; number <= 6; number++)
        {
            order = await api.StartAsync("FanOutOrder", $"order {number}", DateTimeOffset.UtcNow, Cancellation);
            await api.StartAsync("Approval", $"invoice {number}", DateTimeOffset.UtcNow, Cancellation);
            await api.StartAsync("BookingSaga", $"trip {number}", DateTimeOffset.UtcNow, Cancellation);
            await api.StartAsync("DemoWorkflow", $"customer {number}", DateTimeOffset.UtcNow, Cancellation);
        }

        await api.StartAsync("GetIpWorkflow", "address of the office", DateTimeOffset.UtcNow, Cancellation);
        return order;
    }

    private static async Task ShowAsync(IPage page, Uri address, string name, string shown)
    {
        await page.GotoAsync(address.ToString());
        await page.Locator("main h1").First.WaitForAsync();
        await page.WaitForFunctionAsync("() => !document.querySelector('main .loading')");
        await page.Locator(shown).First.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Repository.PathOf($"{Folder}/{name}.png") });
    }

    /// <summary>Takes screenshots until the run has ended. Identical consecutive screenshots become one frame.</summary>
    private static async Task<IReadOnlyList<(byte[], int)>> FramesAsync(IPage page)
    {
        var frames = new List<(byte[] Picture, int Milliseconds)>();
        var end = page.GetByTestId("diagram-DemoParentWorkflow").GetByTestId("state-ParentFinish");
        await end.WaitForAsync();
        while (await end.GetAttributeAsync("data-phase") != "current")
        {
            await AddAsync();
        }

        await AddAsync();
        frames[^1] = (frames[^1].Picture, LastFrameMilliseconds);
        return frames;

        async Task AddAsync()
        {
            var picture = await page.ScreenshotAsync();
            if (frames.Count > 0 && frames[^1].Picture.AsSpan().SequenceEqual(picture))
            {
                frames[^1] = (picture, Math.Min(frames[^1].Milliseconds + FrameMilliseconds, 1000));
            }
            else
            {
                frames.Add((picture, FrameMilliseconds));
            }
        }
    }
}
