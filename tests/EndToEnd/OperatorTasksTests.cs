using System.Net;
using System.Text.RegularExpressions;
using GopherFlow.Demo.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>
/// The main tasks of an operator with mouse and keyboard: on SQLite with one process, on PostgreSQL with a server without an engine and a
/// second process that runs the workflows.
/// </summary>
public sealed class OperatorTasksTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failed_workflow_is_repaired_moved_and_signalled_until_it_ends()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        var page = place.Browser.Page;
        await place.Browser.ShowAsync("tasks-start", page => StartPaymentAsync(place, page));
        await Expect(State(page, "Charge")).ToHaveAttributeAsync("data-status", "FAILED");
        await Expect(page.GetByText("The card has expired").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex("Variables") }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Change card" }).ClickAsync();
        var value = page.GetByRole(AriaRole.Tabpanel).GetByLabel("Value");
        await value.FillAsync("valid");

        // The edit stays open while the history of a state is shown.
        await State(page, "Charge").ClickAsync();
        await Expect(page.GetByTestId("chosen-state")).ToContainTextAsync("Charge");
        await Expect(value).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all states" }).ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex("Variables") }).ClickAsync();
        await Expect(value).ToHaveValueAsync("valid");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByTestId("variable-card")).ToContainTextAsync("valid");
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry now" }).ClickAsync();
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Retry now" }).ClickAsync();
        await Expect(State(page, "Review")).ToHaveAttributeAsync("data-phase", "current");
        await place.Browser.ShowAsync("tasks-decision", _ => Task.CompletedTask);

        await page.GetByRole(AriaRole.Button, new() { Name = "To Pack" }).ClickAsync();
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Move it" }).ClickAsync();
        await Expect(State(page, "Hand over")).ToHaveAttributeAsync("data-phase", "current");
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex("Signals") }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "parcel", Exact = true })).ToBeVisibleAsync();
        var payload = page.GetByRole(AriaRole.Tabpanel).GetByLabel("Payload");
        await payload.FillAsync("""{"kilos":3}""");

        // The form keeps what was typed while the history of a state is shown.
        await State(page, "Pack").ClickAsync();
        await Expect(page.GetByTestId("chosen-state")).ToContainTextAsync("Pack");
        await Expect(payload).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all states" }).ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex("Signals") }).ClickAsync();
        await Expect(payload).ToHaveValueAsync("""{"kilos":3}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(State(page, "Done")).ToHaveAttributeAsync("data-status", "FINISHED");

        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Timeline" }))
            .ToContainTextAsync("Went from Hand over to Done");

        // Step back in time and forward again. The URL contains the position.
        await page.GetByRole(AriaRole.Button, new() { Name = "One entry back" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"\?at=\d+$"));
        await Expect(State(page, "Hand over")).ToHaveAttributeAsync("data-phase", "current");
        await page.GetByRole(AriaRole.Button, new() { Name = "One entry forward" }).ClickAsync();
        await Expect(State(page, "Done")).ToHaveAttributeAsync("data-phase", "current");
        Assert.Empty(place.Browser.RequestsElsewhere);
        Assert.Empty(place.Browser.PageErrors);
    }

    [Fact]
    public async Task Many_workflows_are_found_by_search_and_cancelled_as_a_job()
    {
        await using var place = await Place.OpenAsync("POSTGRES", Cancellation);
        using var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation);
        for (var number = 0; number < 12; number++)
        {
            await api.StartAsync("Payment", $"bulk-{number}", DateTimeOffset.UtcNow, Cancellation);
        }

        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, "workflows"), Place.Password);
        var search = page.GetByRole(AriaRole.Combobox, new() { Name = "Search workflows" });
        await search.FillAsync("type:Payment state:Review");
        await search.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("type=Payment&state=Review$"));
        await Expect(page.GetByTestId(new Regex("^workflow-"))).ToHaveCountAsync(12);
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select all rows that are loaded" }).ClickAsync();
        await page.GetByRole(AriaRole.Region, new() { Name = "Selected workflows" })
            .GetByRole(AriaRole.Button, new() { Name = "Cancel" })
            .ClickAsync();
        await place.Browser.ShowAsync("tasks-cancel", page => Expect(Dialog(page)).ToContainTextAsync("Payment"));
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Cancel 12 workflows" }).ClickAsync();
        await Expect(Dialog(page)).ToContainTextAsync("12 of 12");

        await page.GotoAsync(new Uri(place.Address, "workflows?type=Payment&status=cancelled").ToString());
        await Expect(page.GetByTestId(new Regex("^workflow-"))).ToHaveCountAsync(12);

        // The back button returns to the previous list.
        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync(new Regex("state=Review$"));
        Assert.Empty(place.Browser.PageErrors);
    }

    [Fact]
    public async Task A_workflow_deleted_by_another_user_leaves_the_list()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        using var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation);
        var id = await api.StartAsync("Payment", "gone", DateTimeOffset.UtcNow, Cancellation);
        var page = place.Browser.Page;
        await page.Clock.InstallAsync();
        await SignIn.AsAdmin(page, new Uri(place.Address, "workflows"), Place.Password);
        var row = page.GetByTestId($"workflow-{id}");
        await Expect(row).ToContainTextAsync("Review");
        await api.CancelAsync(id, Cancellation);
        await Expect(row).ToContainTextAsync("Cancelled");

        await api.DeleteAsync(id, Cancellation);
        await page.Clock.FastForwardAsync(60_000);

        await Expect(row).ToHaveCountAsync(0);
        Assert.Empty(place.Browser.PageErrors);
    }

    [Fact]
    public async Task The_page_of_a_workflow_deleted_by_another_user_shows_that_it_was_deleted()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        using var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation);
        var id = await api.StartAsync("Payment", "gone", DateTimeOffset.UtcNow, Cancellation);
        var page = place.Browser.Page;
        await page.Clock.InstallAsync();
        await SignIn.AsAdmin(page, new Uri(place.Address, $"workflows/{id}"), Place.Password);
        await Expect(State(page, "Review")).ToHaveAttributeAsync("data-phase", "current");
        await api.CancelAsync(id, Cancellation);
        await Expect(State(page, "Review")).ToHaveAttributeAsync("data-status", "CANCELLED");

        await api.DeleteAsync(id, Cancellation);
        await page.Clock.FastForwardAsync(60_000);

        await Expect(page.GetByText($"Workflow {id} was deleted.")).ToBeVisibleAsync();
        Assert.Empty(place.Browser.PageErrors);
    }

    [Fact]
    public async Task A_user_and_a_key_are_created_and_the_key_gives_access_to_the_API()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, "users"), Place.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        await Dialog(page).GetByLabel("User name").FillAsync("anna");
        await Dialog(page).GetByLabel("Role").SelectOptionAsync("operator");
        await Dialog(page).GetByLabel("Password", new() { Exact = true }).FillAsync("a long password");
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "anna" })).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(place.Address, "account").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Dialog(page).GetByLabel("Name").FillAsync("nightly import");
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        var key = await Dialog(page).Locator("code").First.TextContentAsync();

        using var http = new HttpClient { BaseAddress = place.Address };
        http.DefaultRequestHeaders.Add("X-API-Key", key);
        using var reply = await http.GetAsync(new Uri("api/workflows/1", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.Empty(place.Browser.PageErrors);
    }

    [Fact]
    public async Task A_script_is_edited_with_an_error_then_corrected_and_its_next_run_has_the_new_state()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, "scripts/Payment"), Place.Password);
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Source of Payment" });
        await editor.ClickAsync();
        await page.Keyboard.PressAsync("Control+Home");
        await page.Keyboard.InsertTextAsync("let wrong = unknownName\n");
        await Expect(page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("unknownName");
        await place.Browser.ShowAsync("tasks-studio-fault", _ => Task.CompletedTask);

        var source = await File.ReadAllTextAsync(Repository.PathOf("tests/EndToEnd/Payment.fsx"), Cancellation);
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync(source.Replace("\"Refused\"", "\"Declined\"", StringComparison.Ordinal));
        await Expect(State(page, "Declined")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
        await Dialog(page).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Deploy") }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex("Versions 2") })).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(place.Address, "definitions/Payment/start").ToString());
        await page.GetByLabel("Business key").FillAsync("after the change");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start workflow" }).ClickAsync();
        await Expect(State(page, "Review")).ToHaveAttributeAsync("data-phase", "current");
        await Expect(State(page, "Declined")).ToBeVisibleAsync();
        Assert.Empty(place.Browser.PageErrors);
    }

    [Fact]
    public async Task A_first_activation_with_a_date_but_no_time_starts_nothing()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, "definitions/Payment/start"), Place.Password);
        await page.GetByLabel("Business key").FillAsync("later");
        var activation = page.GetByLabel("First activation");
        var start = page.GetByRole(AriaRole.Button, new() { Name = "Start workflow" });
        await activation.PressSequentiallyAsync("11282099");
        await start.ClickAsync();
        await Expect(activation).ToBeFocusedAsync();
        var message = await activation.EvaluateAsync<string>("field => field.validationMessage");
        Assert.Equal("Enter the date and the time, or neither.", message);

        await activation.FillAsync("2099-11-28T10:00");
        await start.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/workflows/\d+$"));
        Assert.Empty(place.Browser.PageErrors);
    }

    private static async Task StartPaymentAsync(Place place, IPage page)
    {
        await SignIn.AsAdmin(page, new Uri(place.Address, "definitions/Payment/start"), Place.Password);
        await page.GetByLabel("Business key").FillAsync("order 1");
        await page.GetByLabel("Variables").FillAsync("""{"card":"expired"}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start workflow" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Diagram of Payment" })).ToBeVisibleAsync();
    }

    private static ILocator State(IPage page, string name) => page.GetByTestId($"state-{name}");

    private static ILocator Dialog(IPage page) => page.Locator("dialog[open]");
}
