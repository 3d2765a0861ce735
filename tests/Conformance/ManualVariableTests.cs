using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Setting a variable by hand.</summary>
public sealed class ManualVariableTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Setting_a_variable_of_an_unowned_workflow_changes_nothing_else(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        WorkflowRecord[] resting =
        [
            await scene.CreatedAsync("new"),
            await scene.CommittedAsync((await scene.RunningAsync("parked")).ParksUntil(scene.Now.AddDays(1))),
            await scene.CommittedAsync((await scene.RunningAsync("waiting")).WaitsForAPerson()),
            await scene.CommittedAsync((await scene.RunningAsync("over")).Finishes()),
        ];
        scene.Pass(seconds: 1);
        foreach (var before in resting)
        {
            var result = await scene.SetVariableAsync(before, "color", "\"red\"");

            Assert.Equal(EventVerdict.Committed, Assert.Single(result.Events).Verdict);
            A.Same(
                before with
                {
                    StateVars = """{"color":"red"}""",
                    Modified = scene.Now,
                },
                await scene.AgainAsync(before)
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task A_running_step_is_fenced_and_runs_again_with_the_new_value(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("order-1");
        scene.Pass(seconds: 1);

        await scene.SetVariableAsync(running, "color", "\"red\"");

        A.Same(
            running with
            {
                Status = WorkflowStatus.InProgress,
                Lease = running.Lease + 1,
                ExecutorId = null,
                NextActivation = scene.Now,
                Modified = scene.Now,
                StateVars = """{"color":"red"}""",
            },
            await scene.AgainAsync(running)
        );
        Assert.Equal("""{"color":"red"}""", (await scene.ClaimedAsync()).StateVars);
    }

    [Theory, OnEveryStore]
    public async Task The_other_variables_stay_and_an_old_value_is_replaced(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CommittedAsync(
            (await scene.RunningAsync("order-1")).WaitsForAPerson() with
            {
                StateVars = """{"a":1,"b":{"c":[true,null]}}""",
            }
        );

        await scene.SetVariableAsync(workflow, "a", """{"now":"an object"}""");
        await scene.SetVariableAsync(workflow, "d", "null");

        Assert.Equal(
            """{"a":{"now":"an object"},"b":{"c":[true,null]},"d":null}""",
            (await scene.AgainAsync(workflow)).StateVars
        );
    }

    [Theory, OnEveryStore]
    public async Task The_history_records_the_variable_its_value_and_the_person(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("order-1");
        scene.Pass(seconds: 1);

        await scene.SetVariableAsync(workflow, "answer", "\"42\"");

        var entry = (await scene.HistoryAsync(workflow))[^1];
        Assert.Equal("LOG Start: Updated state var: answer (by ann)", (await scene.TellAsync(workflow)).Last());
        Assert.Equal("""{"set":{"answer":"42"}}""", entry.Entry.Changes);
        Assert.Equal((null, scene.Now), (entry.ExecutorId, entry.DateTime));
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_that_does_not_exist_is_not_found(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("order-1");

        var result = await scene.SetVariableAsync(workflow with { Id = workflow.Id + 1000 }, "a", "1");

        Assert.Equal([new EventOutcome(EventVerdict.NotFound)], result.Events);
        Assert.Empty(result.Changes);
    }

    [Theory, OnEveryStore]
    public async Task A_value_that_is_not_JSON_is_rejected_and_changes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("order-1");

        var rejected = await scene.SetVariableAsync(running, "a", "{no json");

        Assert.Equal(EventVerdict.Rejected, rejected.Events[0].Verdict);

        Assert.Equal(running, await scene.AgainAsync(running));
        Assert.Single(await scene.HistoryAsync(running));
    }

    [Theory, OnEveryStore]
    public async Task Variables_set_in_parallel_are_all_kept(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var another = await scene.AnotherStoreAsync();
        var workflow = await scene.CreatedAsync("order-1");

        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(number =>
                    Task.Run(
                        () =>
                            (number % 2 == 0 ? scene.Store : another).WriteAsync(
                                new WriteBatch(
                                    [],
                                    [new EventFor(workflow.Id, A.Variable($"v{number}", "1"))],
                                    ExecutorId: null,
                                    scene.Now
                                ),
                                Stop
                            ),
                        Stop
                    )
                )
        );

        var variables = System.Text.Json.Nodes.JsonNode.Parse((await scene.AgainAsync(workflow)).StateVars)!.AsObject();
        Assert.Equal(16, variables.Count);
    }
}
