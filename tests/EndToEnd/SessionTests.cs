using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>A page whose session has ended keeps the entered values.</summary>
public sealed class SessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_locked_page_continues_on_focus_after_a_sign_in_in_another_tab()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, "definitions/Payment/start"), Place.Password);
        await page.GetByLabel("Business key").FillAsync("order 1");
        await page.Context.ClearCookiesAsync();
        // Not a mouse click: a background read of the page may open the dialog first and cover the button.
        await page.GetByRole(AriaRole.Button, new() { Name = "Start workflow" }).DispatchEventAsync("click");
        var dialog = page.Locator("dialog[open]");
        await Expect(dialog).ToContainTextAsync("Your session has ended");

        // The console does not notice this sign-in, like one at the identity provider in another tab.
        var isSignedIn = await page.EvaluateAsync<bool>(
            """
            password =>
              fetch('/api/session', {
                method: 'POST',
                headers: { 'Content-Type': 'application/json', 'X-GopherFlow': 'console' },
                body: JSON.stringify({ username: 'admin', password })
              }).then(answer => answer.ok)
            """,
            Place.Password
        );
        Assert.True(isSignedIn);
        await page.EvaluateAsync("window.dispatchEvent(new Event('focus'))");

        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.GetByLabel("Business key")).ToHaveValueAsync("order 1");
        Assert.Empty(place.Browser.PageErrors);
    }
}
