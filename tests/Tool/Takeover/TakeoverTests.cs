using System.Globalization;
using System.Net;
using System.Text.Json;
using GopherFlow.Client;
using GopherFlow.TestSupport;

namespace GopherFlow.Tool.Tests.Takeover;

/// <summary><c>gopherflow takeover</c>: workflows of the Go system continue on this server.</summary>
public sealed class TakeoverTests(OrderServer server) : IClassFixture<OrderServer>
{
    private static readonly DateTimeOffset Far = new(2040, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    /// <summary>The prefix of the external ids of one test.</summary>
    private readonly string mark = Guid.NewGuid().ToString("N")[..8];

    /// <summary>The databases that the Go system supports.</summary>
    public static TheoryData<StoreKind> Kinds => [.. StoreKinds.Here.Where(kind => kind != StoreKind.InMemory)];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Workflows_keep_their_data_and_run_to_their_ends(StoreKind kind)
    {
        await using var go = await GoShapedDatabase.CreateAsync(kind, server.Folder);
        await go.AddExecutorAsync("dead", TimeProvider.System.GetUtcNow().AddHours(-1));
        var sleeping = await go.AddAsync(
            new(Id("sleeping"), "Ship")
            {
                Retries = 2,
                Next = Far,
                Vars = """{"amount":"12","order":"{\"lines\":2}","note":"ä 😀"}""",
            }
        );
        await go.AddAsync(new(Id("due"), "Ship") { Vars = "null" });
        await go.AddAsync(new(Id("begins"), "") { Status = "NEW", Next = Far });
        await go.AddAsync(new(Id("waits"), "Review") { Status = "FINISHED" });
        await go.AddAsync(new(Id("done"), "Done") { Status = "FINISHED" });
        await go.AddAsync(new(Id("failed"), "Ship") { Status = "FAILED" });
        var before = await go.ContentAsync();

        var dry = await TakeoverAsync(go, "--json", "--parse", "order");
        Assert.Equal((0, ""), (dry.Code, dry.Error));
        await IsMissingAsync("due");
        var applied = await TakeoverAsync(go, "--json", "--parse", "order", "--apply");
        var again = await TakeoverAsync(go, "--apply");

        Assert.Equal((0, ""), (applied.Code, applied.Error));
        Assert.Equal(before, await go.ContentAsync());
        Assert.Equal(CountsOf(dry.Output), CountsOf(applied.Output));
        Assert.Equal(
            [
                "Order  NEW 1: 1 0 0 0",
                "Order Done FINISHED 1: 0 0 0 1",
                "Order Review FINISHED 1: 1 0 0 0",
                "Order Ship FAILED 1: 0 0 0 1",
                "Order Ship IN_PROGRESS 2: 2 0 0 0",
            ],
            CountsOf(applied.Output)
        );
        Assert.Contains("0 taken over, 0 refused", again.Output, StringComparison.Ordinal);
        var ended = await server.EndAsync(Id("due"));
        Assert.Equal(("FINISHED", "Done"), (ended.Status, ended.State));
        Assert.Equal("""{"shipped":"yes"}""", ended.StateVars.GetRawText());
        var slept = await server.FindAsync(Id("sleeping"));
        Assert.Equal(("IN_PROGRESS", "Ship", 2), (slept.Status, slept.State, slept.RetryCount));
        Assert.Equal(Far, slept.NextActivation);
        Assert.Equal(new GoShapedWorkflow("", "").Created, slept.Created);
        Assert.Equal(("customer 4", "default"), (slept.BusinessKey, slept.ExecutorGroup));
        Assert.True(
            JsonElement.DeepEquals(
                JsonDocument.Parse("""{"amount":"12","order":{"lines":2},"note":"ä 😀"}""").RootElement,
                slept.StateVars
            ),
            slept.StateVars.GetRawText()
        );
        Assert.Equal(
            $"Taken over from the Go system, where it had the id {sleeping}",
            (await HistoryOfAsync(slept)).Entries[0].Text
        );
        var begins = await server.FindAsync(Id("begins"));
        Assert.Equal(("NEW", "Begin"), (begins.Status, begins.State));
        var waits = await server.FindAsync(Id("waits"));
        Assert.Equal(("WAITING", "person"), (waits.Status, waits.WaitsFor));
        await IsMissingAsync("done");
        await IsMissingAsync("failed");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_parent_keeps_its_children_including_ended_ones(StoreKind kind)
    {
        await using var go = await GoShapedDatabase.CreateAsync(kind, server.Folder);
        var parent = await go.AddAsync(new(Id("parent"), "Sum") { Status = "EXECUTING" });
        await go.AddAsync(new(Id("child-done"), "Done") { Status = "FINISHED", Parent = parent });
        await go.AddAsync(new(Id("child-due"), "Ship") { Status = "SCHEDULED", Parent = parent });
        var ended = await go.AddAsync(new(Id("ended"), "Done") { Status = "FINISHED" });
        await go.AddAsync(new(Id("alone"), "Ship") { Parent = ended });

        var applied = await TakeoverAsync(go, "--apply", "--awaits-children", "Sum");

        Assert.Equal((0, ""), (applied.Code, applied.Error));
        var summed = await server.EndAsync(Id("parent"));
        Assert.Equal("""{"children":"2"}""", summed.StateVars.GetRawText());
        var children = await server.Client.ListChildrenAsync(
            summed.Id.ToString(CultureInfo.InvariantCulture),
            cancellation: TestContext.Current.CancellationToken
        );
        Assert.Equal([Id("child-done"), Id("child-due")], children.Workflows.Select(child => child.ExternalId).Order());
        Assert.Null((await server.EndAsync(Id("alone"))).ParentWorkflowId);
        await IsMissingAsync("ended");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Workflows_that_cannot_be_taken_over_are_listed_and_the_others_are_taken_over(StoreKind kind)
    {
        await using var go = await GoShapedDatabase.CreateAsync(kind, server.Folder);
        var type = await go.AddAsync(new(Id("type"), "Ship") { Type = "Gone" });
        var state = await go.AddAsync(new(Id("state"), "Packed"));
        var vars = await go.AddAsync(new(Id("vars"), "Ship") { Vars = """{"amount":""" });
        var list = await go.AddAsync(new(Id("list"), "Ship") { Vars = "[1]" });
        var number = await go.AddAsync(new(Id("number"), "Ship") { Vars = """{"amount":12}""" });
        var text = await go.AddAsync(new(Id("text"), "Ship") { Vars = """{"order":"none"}""" });
        var one = await go.AddAsync(new(Id("twins"), "Ship"));
        var two = await go.AddAsync(new(Id("twins"), "Ship"));
        var nameless = await go.AddAsync(new("", "Ship"));
        var parent = await go.AddAsync(new(Id("parent"), "Sum"));
        var child = await go.AddAsync(new(Id("child"), "Packed") { Parent = parent });
        await go.AddAsync(new(Id("good"), "Ship") { Vars = """{"order":"{}"}""" });

        var (code, output, _) = await TakeoverAsync(go, "--apply", "--parse", "order");

        Assert.Equal(1, code);
        Assert.Equal("FINISHED", (await server.EndAsync(Id("good"))).Status);
        Assert.All(
            [
                $"{type} ({Id("type")}): workflowType: expected the name of a definition, but got 'Gone'.",
                $"{state} ({Id("state")}): state: expected a state of Order: Begin, Review, Ship, Sum, Done, Lost, but got 'Packed'.",
                $"{vars} ({Id("vars")}): state_vars: expected a JSON object: ",
                $"{list} ({Id("list")}): state_vars: expected a JSON object, but got Array.",
                $"{number} ({Id("number")}): state_vars.amount: expected a text, but got Number.",
                $"{text} ({Id("text")}): state_vars.order: expected a text of JSON, as --parse order says.",
                $"{one} ({Id("twins")}): externalId: workflows {one}, {two} all have '{Id("twins")}'.",
                $"{nameless} (): externalId: expected a text that is not empty",
                $"{parent} ({Id("parent")}): It belongs to the family of '{Id("child")}', which is refused: state: ",
                $"{child} ({Id("child")}): state: expected a state of Order",
                "1 taken over, 11 refused",
            ],
            part => Assert.Contains(part, output, StringComparison.Ordinal)
        );
        foreach (var name in new[] { "twins", "parent", "child", "vars" })
        {
            await IsMissingAsync(name);
        }
    }

    [Fact]
    public async Task A_second_run_takes_over_only_missing_workflows()
    {
        await using var go = await GoShapedDatabase.CreateAsync(StoreKind.Sqlite, server.Folder);
        await go.AddAsync(new(Id("first"), "Review"));
        await TakeoverAsync(go, "--apply");
        await go.AddAsync(new(Id("second"), "Review"));

        var (code, output, _) = await TakeoverAsync(go, "--apply", "--json");

        Assert.Equal(0, code);
        Assert.Equal(["Order Review IN_PROGRESS 2: 1 1 0 0"], CountsOf(output));
    }

    [Fact]
    public async Task Large_takeovers_are_split_into_several_requests()
    {
        await using var go = await GoShapedDatabase.CreateAsync(StoreKind.Sqlite, server.Folder);
        var large = $$"""{"text":"{{new string('x', 60_000)}}"}""";
        for (var number = 0; number < 230; number++)
        {
            await go.AddAsync(new(Id($"{number}"), "Review") { Vars = number < 10 ? large : null });
        }

        var parent = await go.AddAsync(new(Id("parent"), "Review"));
        for (var number = 0; number < 25; number++)
        {
            await go.AddAsync(new(Id($"child {number}"), "Review") { Parent = parent, Vars = large });
        }

        var (code, output, _) = await TakeoverAsync(go, "--apply", "--json");

        Assert.Equal(1, code);
        Assert.Equal(["Order Review IN_PROGRESS 256: 230 0 26 0"], CountsOf(output));
        Assert.Contains("GFLOW_WEB_MAX_BODY_BYTES", output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_running_Go_system_is_only_taken_over_with_while_running(StoreKind kind)
    {
        await using var go = await GoShapedDatabase.CreateAsync(kind, server.Folder);
        await go.AddExecutorAsync("gone", TimeProvider.System.GetUtcNow().AddDays(-2));
        await go.AddExecutorAsync("node-1", TimeProvider.System.GetUtcNow().AddSeconds(-20));
        await go.AddAsync(new(Id("one"), "Review"));

        var dry = await TakeoverAsync(go);
        var refused = await TakeoverAsync(go, "--apply");

        Assert.Equal(0, dry.Code);
        Assert.Contains("The Go system runs: executor node-1 was alive ", dry.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was done. --apply takes 1 over.", dry.Output, StringComparison.Ordinal);
        Assert.Equal((1, ""), (refused.Code, refused.Output));
        Assert.Contains("Stop it first, or say --while-running.", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("gone", refused.Error, StringComparison.Ordinal);
        await IsMissingAsync("one");
        Assert.Equal(0, (await TakeoverAsync(go, "--apply", "--while-running")).Code);
        Assert.Equal("WAITING", (await server.FindAsync(Id("one"))).Status);
    }

    [Fact]
    public async Task Failed_workflows_run_again_with_the_failed_option()
    {
        await using var go = await GoShapedDatabase.CreateAsync(StoreKind.Sqlite, server.Folder);
        await go.AddAsync(
            new(Id("failed"), "Ship")
            {
                Status = "FAILED",
                Retries = 11,
                Next = Far,
            }
        );
        await go.AddAsync(new(Id("error"), "Ship") { Status = "ERROR" });

        var (code, _, _) = await TakeoverAsync(go, "--apply", "--failed");

        Assert.Equal(0, code);
        Assert.Equal("FINISHED", (await server.EndAsync(Id("failed"))).Status);
        Assert.Equal("FINISHED", (await server.EndAsync(Id("error"))).Status);
    }

    [Theory]
    [InlineData("there-is-none.db", "There is no file 'there-is-none.db'; expected postgres://")]
    [InlineData(
        "mysql://root:secret@tcp(:1)/x?parseTime=true",
        "The address of the Go system's database names no host"
    )]
    [InlineData("postgres://root:secret@127.0.0.1:1/x", "The Go system's database cannot be read: ")]
    public async Task An_invalid_source_is_reported(string source, string message)
    {
        var (code, output, error) = await Tool.RunAsync("takeover", source, "--server", server.Url);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    private string Id(string name) => $"{mark}-{name}";

    private Task<(int Code, string Output, string Error)> TakeoverAsync(GoShapedDatabase go, params string[] options) =>
        Tool.RunAsync(["takeover", go.Address, "--server", server.Url, .. options]);

    private async Task IsMissingAsync(string name)
    {
        var missing = await Assert.ThrowsAsync<GopherFlowException>(() => server.FindAsync(Id(name)));
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
    }

    private Task<HistoryPage> HistoryOfAsync(Workflow workflow) =>
        server.Client.GetHistoryAsync(
            workflow.Id.ToString(CultureInfo.InvariantCulture),
            "oldest",
            cancellation: TestContext.Current.CancellationToken
        );

    /// <summary>Each line as "type state status count: takenOver existed refused left".</summary>
    private static IReadOnlyList<string> CountsOf(string json) =>
        [
            .. JsonDocument
                .Parse(json)
                .RootElement.GetProperty("counts")
                .EnumerateArray()
                .Select(line =>
                    $"{line.GetProperty("type")} {line.GetProperty("state")} {line.GetProperty("status")} {line.GetProperty("workflows")}: "
                    + $"{line.GetProperty("takenOver")} {line.GetProperty("existed")} {line.GetProperty("refused")} {line.GetProperty("left")}"
                ),
        ];
}
