using System.Text.Json.Nodes;
using GopherFlow.Conformance.Setting;
using GopherFlow.Definitions;

namespace GopherFlow.Conformance;

/// <summary>Values round-trip unchanged: any text of any size.</summary>
public sealed class FidelityTests : StoreContract
{
    private static readonly string[] Texts =
    [
        "emoji 🐹 👩‍👩‍👧 and Ελληνικά, 漢字, عربى",
        "'single' \"double\" `back` ´quotes´",
        "lines\nof\r\ntext\tand tabs",
        @"back\slashes \n \' \0 \\",
        "'; DROP TABLE workflow; --",
        "?1 :name @name $1 {0} %s %%  _",
        " blanks at both ends ",
        "e\u0301 is not \u00e9",
        "\u0001\u007f\u2028\ufeff",
    ];

    [Theory, OnEveryStore]
    public async Task Texts_of_a_workflow_round_trip(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var text in Texts)
        {
            var variables = new JsonObject { [text] = text }.ToJsonString();
            var created = await scene.CreateAsync(
                new NewWorkflow
                {
                    ExternalId = text,
                    WorkflowType = text,
                    Version = text,
                    BusinessKey = text,
                    ExecutorGroup = text,
                    State = text,
                    StateVars = variables,
                    CreatedBy = text,
                    NextActivation = scene.Now,
                }
            );

            var found = Assert.IsType<WorkflowRecord>(await scene.Store.FindByExternalIdAsync(text, Stop));

            Assert.Equal(created.Creates[0].Id, found.Id);
            Assert.Equal(text, found.ExternalId);
            Assert.Equal(text, found.WorkflowType);
            Assert.Equal(text, found.Version);
            Assert.Equal(text, found.BusinessKey);
            Assert.Equal(text, found.ExecutorGroup);
            Assert.Equal(text, found.State);
            Assert.Equal(variables, found.StateVars);
            Assert.Equal(text, (await scene.HistoryAsync(found))[0].Entry.Actor);
            Assert.Equal([found], await scene.SearchAsync(AllOf(text)));
            Assert.Equal(
                found.Id,
                Assert
                    .Single(
                        (
                            await scene.ClaimAsync(
                                A.Claim(scene.Executor, scene.Now) with
                                {
                                    Definitions = [new DefinitionKey(text, text)],
                                    ExecutorGroups = [text],
                                }
                            )
                        ).Claimed
                    )
                    .Id
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_keeps_its_trace_to_its_end(StoreKind kind)
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var scene = await OpenAsync(kind);
        var created = await scene.CreateAsync(
            A.Workflow("traced") with
            {
                TraceParent = Trace,
            },
            A.Workflow("claimed at once") with
            {
                TraceParent = Trace,
                ClaimedBy = scene.Executor,
            },
            A.Workflow("nobody looked")
        );

        Assert.Equal(
            [Trace, Trace, null],
            (await Task.WhenAll(created.Creates.Select(each => scene.FindAsync(each.Id)))).Select(row =>
                row.TraceParent
            )
        );
        var claimed = (await scene.ClaimAsync()).Claimed;
        Assert.Equal([Trace, null], claimed.Select(row => row.TraceParent));
        await scene.HappensAsync(claimed[0].Id, A.Move("Done", WorkflowStatus.Finished));
        var ended = await scene.AgainAsync(claimed[0]);
        Assert.Equal((WorkflowStatus.Finished, Trace), (ended.Status, ended.TraceParent));
    }

    [Theory, OnEveryStore]
    public async Task Texts_of_steps_and_of_changes_by_hand_round_trip(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.RunningAsync("order-1");
        foreach (var text in Texts)
        {
            workflow = await scene.CommittedAsync(workflow.GoesTo(text).Logging(text));
            var logged = (await scene.HistoryAsync(workflow))[^1];
            Assert.Equal((text, text, text), (workflow.State, logged.Entry.To, logged.Entry.Text));
        }

        foreach (var text in Texts)
        {
            await scene.SetVariableAsync(workflow, text, JsonValue.Create(text).ToJsonString());
            await scene.MoveAsync(workflow, A.Move(text) with { Actor = text });
            Assert.Equal(text, (await scene.HistoryAsync(workflow))[^1].Entry.Actor);
        }

        var variables = JsonNode.Parse((await scene.AgainAsync(workflow)).StateVars)!.AsObject();
        Assert.Equal(Texts, variables.Select(variable => variable.Key));
        Assert.Equal(Texts, variables.Select(variable => variable.Value!.GetValue<string>()));
    }

    [Theory, OnEveryStore]
    public async Task Identifiers_that_differ_in_case_accents_or_spaces_are_different(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        string[] alike = ["order", "Order", "ORDER", "order ", " order", "\u00f6rder", "o\u0308rder", "order\t"];

        var created = await scene.CreateAsync([
            .. alike.Select(name => A.Workflow(name) with { BusinessKey = name, WorkflowType = name }),
        ]);

        Assert.All(created.Creates, outcome => Assert.False(outcome.Existed));
        foreach (var name in alike)
        {
            Assert.Equal(name, (await scene.Store.FindByExternalIdAsync(name, Stop))!.ExternalId);
            Assert.Equal(name, Assert.Single(await scene.SearchAsync(new() { BusinessKey = name })).BusinessKey);
            Assert.Equal(
                name,
                Assert.Single(await scene.SearchAsync(new() { Filter = new() { WorkflowTypes = [name] } })).WorkflowType
            );
            var claim = await scene.ClaimAsync(A.Claim(scene.Executor, scene.Now) with { Definitions = [A.Of(name)] });
            Assert.Equal(name, Assert.Single(claim.Claimed).WorkflowType);
        }
    }

    [Theory, OnEveryStore]
    public async Task Identifiers_may_be_five_hundred_characters_long(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var longest = string.Concat(Enumerable.Repeat("0123456789", 50));

        await scene.CreateAsync(A.Workflow(longest) with { BusinessKey = longest }, A.Workflow(longest[..^1] + "x"));

        var found = Assert.Single(await scene.SearchAsync(new WorkflowSearch { BusinessKey = longest }));
        Assert.Equal(longest, found.ExternalId);
        Assert.NotNull(await scene.Store.FindByExternalIdAsync(longest[..^1] + "x", Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_mebibyte_of_variables_round_trips_and_a_long_log_is_truncated(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var text = string.Concat(Enumerable.Repeat("gopher 🐹 ", (1 << 20) / 12));
        var variables = new JsonObject { ["text"] = text }.ToJsonString();
        var running = await scene.RunningAsync("order-1");

        var after = await scene.CommittedAsync(
            running.GoesTo("Pay").Logging(text[..100_000]) with
            {
                StateVars = variables,
                Children = [A.Workflow("child") with { StateVars = variables }],
            }
        );

        Assert.True(variables.Length > 1 << 20);
        Assert.Equal(variables, after.StateVars);
        Assert.Equal(variables, (await scene.Store.FindByExternalIdAsync("child", Stop))!.StateVars);
        Assert.Contains(await scene.HistoryAsync(running), action => action.Entry.Text == text[..100_000]);
    }

    private static WorkflowSearch AllOf(string text) =>
        new()
        {
            ExternalId = text,
            BusinessKey = text,
            Filter = new WorkflowFilter
            {
                ExecutorGroups = [text],
                WorkflowTypes = [text],
                States = [text],
            },
        };
}
