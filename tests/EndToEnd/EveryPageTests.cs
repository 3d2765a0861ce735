using System.Text.Json;
using GopherFlow.Demo.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>Every page in light and dark theme at desktop and phone size: no serious axe issue, no script error, a screenshot.</summary>
public sealed class EveryPageTests
{
    private static readonly string[] Pages =
    [
        "",
        "workflows",
        "workflows/1",
        "definitions",
        "definitions/Payment",
        "definitions/Payment/start",
        "start",
        "scripts",
        "scripts/Payment",
        "jobs",
        "schedules",
        "schedules/nightly",
        "executors",
        "users",
        "users/1",
        "account",
        "audit",
        "settings",
        "no/such/page",
    ];

    private static readonly (int Width, int Height)[] Sizes = [(1280, 800), (390, 844)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Has_no_serious_accessibility_issue()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        using var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation);
        await api.StartAsync("Payment", "one", DateTimeOffset.UtcNow, Cancellation);
        await api.ScheduleAsync("nightly", "Payment", Cancellation);
        var page = place.Browser.Page;
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await SignIn.OpenAsync(page, place.Address, Place.Password);
        var axe = await File.ReadAllTextAsync(
            Repository.PathOf("src/Client/node_modules/axe-core/axe.min.js"),
            Cancellation
        );
        var issues = new List<string>();
        foreach (var (width, height) in Sizes)
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var path in Pages)
            {
                await page.GotoAsync(new Uri(place.Address, path).ToString());
                await page.Locator("main h1").First.WaitForAsync();
                await page.WaitForFunctionAsync("() => !document.querySelector('main .loading')");
                await Expect(page.GetByLabel("Password")).ToHaveCountAsync(0);
                foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
                {
                    await page.EmulateMediaAsync(new() { ColorScheme = theme });
                    await place.Browser.ShowAsync(
                        $"page-{path.Replace('/', '-')}-{theme.ToString().ToLowerInvariant()}-{width}",
                        async page =>
                        {
                            await page.EvaluateAsync(axe);
                            issues.AddRange(
                                (await ViolationsAsync(page)).Select(issue => $"/{path}, {theme}, {width}: {issue}")
                            );
                        }
                    );
                }
            }
        }

        Assert.Empty(issues);
        Assert.Empty(place.Browser.PageErrors);
    }

    private static async Task<IEnumerable<string>> ViolationsAsync(IPage page)
    {
        var found = await page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run()).violations.map(v => [v.impact, v.id, v.nodes[0].html].join(' '))"
        );
        return found
            .EnumerateArray()
            .Select(violation => violation.GetString()!)
            .Where(violation =>
                violation.StartsWith("serious", StringComparison.Ordinal)
                || violation.StartsWith("critical", StringComparison.Ordinal)
            );
    }
}
