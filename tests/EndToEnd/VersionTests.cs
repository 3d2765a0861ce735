using System.Text.RegularExpressions;
using GopherFlow.Demo.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>Compares two versions of a definition in the diagram and moves a workflow between them.</summary>
public sealed class VersionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Versions_are_compared_and_a_workflow_is_moved_to_the_new_one()
    {
        await using var place = await Place.OpenAsync("POSTGRES", Cancellation);
        using var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation);
        var id = await api.StartAsync("Payment", "old", DateTimeOffset.UtcNow, Cancellation);
        var source = await File.ReadAllTextAsync(Repository.PathOf("tests/EndToEnd/Payment.fsx"), Cancellation);
        await api.DeployAsync(
            "Payment",
            source.Replace("\"Refused\"", "\"Declined\"", StringComparison.Ordinal),
            Cancellation
        );
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, $"workflows/{id}"), Place.Password);
        await Expect(page.GetByTestId("state-Review")).ToHaveAttributeAsync("data-phase", "current");
        await Expect(page.GetByTestId("state-Refused")).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(place.Address, "definitions/Payment").ToString());
        await Expect(page.GetByTestId("state-Declined")).ToBeVisibleAsync();
        await page.GetByLabel("Compare with another version").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await place.Browser.ShowAsync(
            "versions-compared",
            async page =>
            {
                await Expect(page.GetByTestId("state-Refused")).ToBeVisibleAsync();
                await Expect(page.GetByTestId("state-Declined")).ToBeVisibleAsync();
            }
        );

        await page.GetByRole(AriaRole.Button, new() { Name = "Move…" }).ClickAsync();
        var dialog = page.Locator("dialog[open]");
        await place.Browser.ShowAsync("versions-moved", _ => Expect(dialog).ToContainTextAsync("Review"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Move 1 workflow" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Status)).ToHaveTextAsync(new Regex("^1 workflow moved from version"));

        await page.GotoAsync(new Uri(place.Address, $"workflows/{id}").ToString());
        await Expect(page.GetByTestId("state-Declined")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("state-Review")).ToHaveAttributeAsync("data-phase", "current");
        Assert.Empty(place.Browser.PageErrors);
    }
}
