using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>A page reports a lost connection and continues when the server is back.</summary>
public sealed class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_connection_is_shown_and_the_page_continues_without_a_reload()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        long id;
        using (var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation))
        {
            id = await api.StartAsync("Payment", "one", DateTimeOffset.UtcNow, Cancellation);
        }

        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, $"workflows/{id}"), Place.Password);
        var live = page.GetByTitle("Changes appear as they happen.").Filter(new() { Visible = true });
        await Expect(live).ToBeVisibleAsync();
        await Expect(page.GetByTestId("state-Review")).ToHaveAttributeAsync("data-phase", "current");
        await page.EvaluateAsync("window.loadedOnce = true");

        place.KillServer();

        var banner = page.GetByText("The connection to the server was lost");
        await place.Browser.ShowAsync("connection-lost", _ => Expect(banner).ToBeVisibleAsync());

        await place.StartServerAsync(Cancellation);

        await Expect(banner).ToHaveCountAsync(0);
        await Expect(live).ToBeVisibleAsync();
        using (var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation))
        {
            await api.MoveAsync(id, "Pack", Cancellation);
        }

        await Expect(page.GetByTestId("state-Pack")).ToHaveAttributeAsync("data-phase", "current");
        Assert.True(await page.EvaluateAsync<bool>("window.loadedOnce === true"), "The page was reloaded.");
        Assert.Empty(place.Browser.PageErrors);
    }
}
