using GopherFlow.Demo.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>The first steps of a new user: sign in, start a parent, and watch it and its children finish.</summary>
public sealed class DemoInTheBrowserTests
{
    /// <summary>Slow enough that the page is loaded before the children have ended: they take 1.5 s and 7.5 s.</summary>
    private const string Speed = "2";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_parent_and_its_children_finish_on_the_page_without_a_reload()
    {
        using var folder = new TemporaryFolder();
        await using var demo = DemoProcess.Start(
            folder.Path,
            new Dictionary<string, string> { ["GFLOW_DEMO_SPEED"] = Speed }
        );
        var address = await demo.ListeningAsync(Cancellation);
        await using var browser = await TestBrowser.OpenAsync(address);
        var page = browser.Page;

        await browser.ShowAsync("sign-in", page => SignIn.AsAdmin(page, address));
        await page.EvaluateAsync("window.loadedOnce = true");
        await browser.ShowAsync("definition", page => OpenDefinition(page, "DemoParentWorkflow"));
        await browser.ShowAsync("parent-waiting", StartAndSeeItWait);
        await browser.ShowAsync("parent-finished", SeeAllEnd);

        Assert.True(await page.EvaluateAsync<bool>("window.loadedOnce === true"), "The page was reloaded.");
        Assert.Empty(browser.RequestsElsewhere);
        Assert.Empty(browser.PageErrors);
    }

    private static async Task OpenDefinition(IPage page, string workflowType)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Definitions" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = workflowType, Exact = true }).ClickAsync();
        await Expect(State(page.GetByTestId($"diagram-{workflowType}"), "ParentInit")).ToBeVisibleAsync();
    }

    private static async Task StartAndSeeItWait(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Start workflow" }).ClickAsync();
        await page.GetByLabel("Business key").FillAsync("first steps");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start workflow" }).ClickAsync();
        await Expect(State(Parent(page), "ParentWaitForChildren")).ToHaveAttributeAsync("data-phase", "current");
        await page.GetByTestId("node-children").ClickAsync();
        await Expect(Children(page)).ToHaveCountAsync(2);
    }

    private static async Task SeeAllEnd(IPage page)
    {
        await ExpectEnd(Parent(page), "ParentFinish");
        await Expect(Children(page).Filter(new() { HasText = "Finished" })).ToHaveCountAsync(2);
    }

    private static ILocator Parent(IPage page) => page.GetByTestId("diagram-DemoParentWorkflow");

    private static ILocator Children(IPage page) => page.GetByTestId("children-beside").GetByRole(AriaRole.Listitem);

    private static async Task ExpectEnd(ILocator place, string state)
    {
        await Expect(State(place, state)).ToHaveAttributeAsync("data-phase", "current");
        await Expect(State(place, state)).ToHaveAttributeAsync("data-status", "FINISHED");
    }

    private static ILocator State(ILocator place, string state) => place.GetByTestId($"state-{state}");
}
