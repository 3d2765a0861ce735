using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests;

internal static class SignIn
{
    public static async Task AsAdmin(IPage page, Uri address, string password = "admin")
    {
        await OpenAsync(page, address, password);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Definitions" })).ToBeVisibleAsync();
    }

    /// <summary>Signs in on pages where the sidebar may be collapsed.</summary>
    public static async Task OpenAsync(IPage page, Uri address, string password)
    {
        await page.GotoAsync(address.ToString());
        await page.GetByLabel("User name").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByLabel("Password")).ToHaveCountAsync(0);
    }
}
