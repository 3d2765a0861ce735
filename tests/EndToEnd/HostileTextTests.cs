using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>Script and SQL in every user-entered text are shown as plain text.</summary>
public sealed class HostileTextTests
{
    private const string Script = "<img src=x onerror=\"window.attacked=true\"><script>window.attacked=true</script>";
    private const string Sql = "'; DROP TABLE workflow; -- ' OR 1=1";

    private static readonly string[] Pages =
    [
        "",
        "workflows",
        "workflows/1",
        "workflows/2",
        "definitions/Payment",
        "executors",
        "users",
        "audit",
        "jobs",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_shown_and_never_run()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        using var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation);
        var variables = new Dictionary<string, object> { [Script] = Script, ["card"] = Sql };
        var id = await api.StartAsync("Payment", Script, DateTimeOffset.UtcNow, Cancellation, variables);
        await api.StartAsync("Payment", Sql, DateTimeOffset.UtcNow, Cancellation, variables);
        await api.SignalAsync(id, Script, new { text = Script }, Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, "workflows"), Place.Password);
        await Expect(page.GetByText(Script).First).ToBeVisibleAsync();

        foreach (var path in Pages)
        {
            await page.GotoAsync(new Uri(place.Address, path).ToString());
            await page.Locator("main h1").First.WaitForAsync();
            await page.WaitForFunctionAsync("() => !document.querySelector('main .loading')");
            await ExpectUnharmedAsync(page);
        }

        await page.GotoAsync(new Uri(place.Address, "workflows/1").ToString());
        foreach (var tab in await page.GetByRole(AriaRole.Tab).AllAsync())
        {
            await tab.ClickAsync();
            await ExpectUnharmedAsync(page);
        }

        // Searching for the SQL finds the workflow with that key, and the table still exists.
        await page.GotoAsync(new Uri(place.Address, "workflows").ToString());
        var search = page.GetByRole(AriaRole.Combobox, new() { Name = "Search workflows" });
        await search.FillAsync($"key:\"{Sql}\"");
        await search.PressAsync("Enter");
        await Expect(page.GetByTestId("workflow-2")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("workflow-1")).ToHaveCountAsync(0);
        await place.Browser.ShowAsync("hostile-text", ExpectUnharmedAsync);
        Assert.Empty(place.Browser.PageErrors);
    }

    private static async Task ExpectUnharmedAsync(IPage page)
    {
        Assert.False(await page.EvaluateAsync<bool>("window.attacked === true"), $"A script has run on {page.Url}.");
        Assert.Equal(0, await page.Locator("img[src='x']").CountAsync());
    }
}
