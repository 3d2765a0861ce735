using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>The initial page load: its size, no console messages, and the notice when a chunk cannot be loaded.</summary>
public sealed class FirstLoadTests
{
    private const double MostBytes = 200_000;

    /// <summary>Pages that show neither the editor nor a diagram.</summary>
    private static readonly string[] First = ["", "workflows", "scripts", "executors", "jobs", "schedules", "audit"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_at_most_200_kB_and_logs_nothing_to_the_console()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        using (var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation))
        {
            await api.StartAsync("Payment", "one", DateTimeOffset.UtcNow, Cancellation);
        }

        var browser = place.Browser.Page.Context.Browser!;
        foreach (var path in First)
        {
            await using var context = await browser.NewContextAsync();
            var page = await context.NewPageAsync();
            var logged = new List<string>();
            page.Console += (_, message) => logged.Add($"{message.Type} {message.Text}");

            await SignIn.OpenAsync(page, new Uri(place.Address, path), Place.Password);
            await Expect(page.Locator("main h1").First).ToBeVisibleAsync();
            await Expect(page.Locator("main .loading")).ToHaveCountAsync(0);

            var files = await page.EvaluateAsync<string[]>(Loaded);
            var bytes = files.Sum(file => double.Parse(file.Split(' ')[1], CultureInfo.InvariantCulture));
            Assert.Empty(logged);
            Assert.True(bytes <= MostBytes, $"/{path} loads {bytes / 1000:0} kB: {string.Join(", ", files)}");
        }
    }

    [Fact]
    public async Task A_chunk_that_fails_to_load_is_reported_and_a_reload_loads_it()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, "workflows"), Place.Password);
        await Expect(page.Locator("main h1").First).ToHaveTextAsync("Workflows");

        await page.RouteAsync("**/assets/*.js", route => route.FulfillAsync(new() { Status = 404 }));
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        var notice = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "could not load the page" });
        await place.Browser.ShowAsync("part-missing", _ => Expect(notice).ToBeVisibleAsync());

        await page.GetByRole(AriaRole.Link, new() { Name = "Workflows" }).ClickAsync();
        await Expect(page.Locator("main h1").First).ToHaveTextAsync("Workflows");
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await Expect(notice).ToBeVisibleAsync();

        await page.UnrouteAsync("**/assets/*.js");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reload" }).ClickAsync();
        await Expect(page.Locator("main h1").First).ToHaveTextAsync("Settings");
    }

    /// <summary>Returns the name and the compressed size of each loaded asset.</summary>
    private const string Loaded = """
        () => performance.getEntriesByType('resource')
            .filter(e => /assets/.test(e.name))
            .map(e => `${e.name.split('/').pop()} ${e.encodedBodySize}`)
        """;
}
