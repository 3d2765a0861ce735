using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests.Measured;

/// <summary>
/// Prints the memory use of a tab after each round through the pages while workflows run. <c>GFLOW_TEST_LIVE_MINUTES</c> sets the duration,
/// by default 30 minutes. The test asserts nothing.
/// </summary>
public sealed class LiveUse
{
    private const int ChangesPerSecond = 40;

    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Keeps_memory_flat()
    {
        var minutes = double.Parse(
            Environment.GetEnvironmentVariable("GFLOW_TEST_LIVE_MINUTES") ?? "30",
            CultureInfo.InvariantCulture
        );
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        using var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, place.Address, Place.Password);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        end.CancelAfter(TimeSpan.FromMinutes(minutes));
        var changing = ChangeAsync(api, end.Token);
        var browser = await page.Context.NewCDPSessionAsync(page);
        var began = DateTimeOffset.UtcNow;
        while (!end.IsCancellationRequested)
        {
            await GoAsync(page, "Workflows", "Workflows");
            await OpenFirstAsync(page, "/workflows/");
            await GoAsync(page, "Definitions", "Definitions");
            await OpenFirstAsync(page, "/definitions/DemoWorkflow");
            await GoAsync(page, "Dashboard", "Dashboard");
            await browser.SendAsync("HeapProfiler.collectGarbage");
            var heap = (await browser.SendAsync("Runtime.getHeapUsage"))!.Value;
            var nodes = (await browser.SendAsync("Memory.getDOMCounters"))!.Value;
            Console.WriteLine(
                $"FIGURE live use: after {(DateTimeOffset.UtcNow - began).TotalMinutes:0.0} min {heap.GetProperty("usedSize").GetDouble() / 1e6:0.0} MB, "
                    + $"{nodes.GetProperty("nodes").GetInt64()} nodes, {nodes.GetProperty("jsEventListeners").GetInt64()} listeners"
            );
        }

        await changing;
    }

    private static async Task GoAsync(IPage page, string link, string heading)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).First.ClickAsync();
        await Expect(page.Locator("main h1").First).ToHaveTextAsync(heading);
        await Task.Delay(Stay, Cancellation);
    }

    /// <summary>Follows the first link to the address and waits for the diagram.</summary>
    private static async Task OpenFirstAsync(IPage page, string address)
    {
        await page.Locator($"main a[href^='{address}']").First.ClickAsync();
        await page.Locator("main [data-testid^=state-]").First.WaitForAsync();
        await Task.Delay(Stay, Cancellation);
    }

    /// <summary>Each started workflow causes two changes at once and then waits.</summary>
    private static async Task ChangeAsync(ApiCaller api, CancellationToken end)
    {
        for (var number = 0; !end.IsCancellationRequested; number++)
        {
            await api.StartAsync("DemoWorkflow", $"live-{number}", DateTimeOffset.UtcNow, Cancellation);
            await Task.Delay(TimeSpan.FromSeconds(2.0 / ChangesPerSecond), Cancellation);
        }
    }
}
