using System.Text.Json;
using GopherFlow.Settings;
using GopherFlow.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing.Tests;

/// <summary>Replays an exported history against the current code.</summary>
public sealed class ReplayTests
{
    private const int Steps = 1000;

    public static TheoryData<StoreKind> Stores => [.. StoreKinds.Here];

    [Theory, MemberData(nameof(Stores))]
    public async Task A_changed_decision_is_reported_in_a_history_of_a_thousand_steps(StoreKind store)
    {
        var export = RunExport.Parse((await RecordAsync(store)).ToJson());
        Assert.Equal(Steps + 2, export.Entries.Count);

        var same = await Replay.RunAsync(export, Counter(bonusAt: 700));
        same.AssertSame();
        Assert.Equal((Steps + 1, 0), (same.Compared, same.NotComparable.Count));

        var changed = await Replay.RunAsync(export, Counter(bonusAt: 800));
        Assert.Equal([699, 800], changed.Differences.Select(difference => difference.Step));
        Assert.Equal(
            "step 699 in 'Count' at "
                + "2026-01-01 00:00:00: it went to 'Bonus' at once; now it goes to 'Count' at once",
            $"{changed.Differences[0]}"
        );
        Assert.Equal("to 'Count' at once", changed.Differences[1].Expected);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Signals_children_and_results_are_replayed(StoreKind store)
    {
        await using var engine = await EngineHarness.StartAsync(
            store,
            flow => flow.AddDefinition(Family(bid: 3)).AddDefinition(Child())
        );
        var id = await engine.CreateAsync("Family", variables: Variables.Parse("""{"name":"ann"}"""));
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Signals.SendAsync(
            new()
            {
                WorkflowId = id,
                Name = "bid",
                Payload = "4",
                Actor = "ann",
            },
            TestContext.Current.CancellationToken
        );
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        var export = RunExport.Parse(
            (await RunExport.OfAsync(engine.Store, id, TestContext.Current.CancellationToken)).ToJson()
        );

        var same = await Replay.RunAsync(export, Family(bid: 3));
        same.AssertSame();
        Assert.Equal((3, 0), (same.Compared, same.NotComparable.Count));

        var changed = await Replay.RunAsync(export, Family(bid: 5));
        Assert.Equal(
            "step 1 in 'Bid' at 2026-01-01 00:00:00: it went to 'Sum' when the children have finished, with children Child: 4; "
                + "now it goes to 'Lost' at once",
            $"{changed.Differences[0]}"
        );
    }

    [Fact]
    public async Task A_difference_is_reported_with_variables_path_and_diagram()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        var run = await flow.StartAsync(new Order("pen", 2.5m));
        await run.EndAsync();
        await using var today = await FlowTest.For<Orders>(services => services.AddSingleton<IPayments>(new Dearer()));

        var report = await today.ReplayAsync(await run.ExportAsync());

        var fault = Assert.Throws<FlowTestException>(report.AssertSame);
        Assert.Equal(
            """
            Expected: the current code to repeat the recorded history
            But: step 1 in 'Charge' at 2026-01-01 00:00:00: it went to 'Thank' later; now it goes to 'Thank' later; receipt: expected "receipt 1 for 2.5", got "3 for test-1:1"

            Path until then:
                1  2026-01-01 00:00:00  Check
                2  2026-01-01 00:00:00  Charge

            Diagram (> is here, * has been there):
              * Check     start  -> Approval, Charge
                Approval         -> Charge, Refused
              > Charge           -> Thank  <- went to 'Thank' later
                Thank            -> Done
                Done      end
                Refused   error
            """,
            fault.Message
        );
        (await flow.ReplayAsync(await run.ExportAsync(), new ReplayOptions { Ignored = ["receipt"] })).AssertSame();
    }

    [Fact]
    public async Task A_step_with_secret_variables_is_compared_only_when_their_values_are_given()
    {
        var definition = WorkflowDefinitionBuilder
            .Named("Pay")
            .Secret("card")
            .Start("Begin", step => GoTo(step.Variables["card"] == "4711" ? "Pay" : "Done"), ["Pay", "Done"])
            .State("Pay", _ => GoTo("Done"), ["Done"])
            .End("Done")
            .Build();
        await using var flow = await FlowTest.For(definition);
        var run = await flow.StartAsync(new { Card = "4711", Name = "ann" });
        var export = await run.ExportAsync();
        Assert.DoesNotContain("4711", export.ToJson());

        var blind = await flow.ReplayAsync(export);
        var seeing = await flow.ReplayAsync(export, new ReplayOptions { Known = new { Card = "4711" } });
        var other = await flow.ReplayAsync(export, new ReplayOptions { Known = new { Card = "none" } });

        Assert.Equal((0, 2), (blind.Compared, blind.NotComparable.Count));
        Assert.Equal("step 0 in 'Begin': the history does not keep the value of 'card'", $"{blind.NotComparable[0]}");
        Assert.Throws<FlowTestException>(blind.AssertSame);
        Assert.Equal(2, seeing.AssertSame().Compared);
        Assert.Equal("to 'Done' at once", Assert.Single(other.Differences).Actual);
    }

    [Fact]
    public async Task A_history_without_values_cannot_be_compared()
    {
        await using var flow = await FlowTest.For(
            WorkflowDefinitionBuilder
                .Named("Quiet")
                .WithoutVariableHistory()
                .Start("Begin", _ => GoTo("Done"), ["Done"])
                .End("Done")
                .Build()
        );
        var run = await flow.StartAsync(new { Name = "ann" });

        var report = await flow.ReplayAsync(await run.ExportAsync());

        Assert.Single(report.NotComparable);
        var fault = Assert.Throws<FlowTestException>(report.AssertSame);
        Assert.Equal("step 0 in 'Begin': the history does not keep the value of 'name'", fault.Actual);
    }

    [Fact]
    public async Task Pages_of_the_API_can_be_replayed()
    {
        var page = """
            {
              "entries": [
                {
                  "id": 2, "at": "2026-01-01T00:00:00+00:00", "kind": "TRANSITION", "from": "Begin", "to": "Hear", "status": "IN_PROGRESS",
                  "step": 0, "executionCount": 1, "retryCount": 0, "executorId": 1, "actor": null, "due": null, "durationSeconds": 0.5,
                  "cause": null, "text": null, "error": null, "details": { "awaitedSignals": ["add"] },
                  "variables": { "whole": false, "set": { "sum": 1 }, "removed": [], "omitted": [] }, "lines": []
                },
                {
                  "id": 1, "at": "2026-01-01T00:00:00+00:00", "kind": "CREATED", "from": null, "to": "Begin", "status": "NEW",
                  "step": 0, "executionCount": 0, "retryCount": 0, "executorId": null, "actor": "ann", "due": null,
                  "durationSeconds": null, "cause": null, "text": null, "error": null, "details": null,
                  "variables": { "whole": false, "set": { "first": 1 }, "removed": [], "omitted": [] }, "lines": []
                }
              ],
              "next": null
            }
            """;
        var later = """
            {
              "entries": [
                {
                  "id": 4, "at": "2026-01-02T00:00:00+00:00", "kind": "TRANSITION", "from": "Hear", "to": "Done", "status": "FINISHED",
                  "step": 1, "executionCount": 2, "retryCount": 0, "cause": "signal:add", "details": null, "variables": null
                }
              ],
              "next": "4"
            }
            """;
        await using var flow = await FlowTest.For(
            WorkflowDefinitionBuilder
                .Named("Hearing")
                .Start(
                    "Begin",
                    step =>
                    {
                        step.Variables.Set("sum", step.Variables.Get<int>("first"));
                        return WaitFor("add").Then("Hear");
                    },
                    ["Hear"]
                )
                .State("Hear", _ => GoTo("Done"), ["Done"])
                .End("Done")
                .Build()
        );

        var report = await flow.ReplayAsync(RunExport.Parse(later, page));

        Assert.Equal(1, report.AssertSame().Compared);
        Assert.Equal("the payload of its signal 'add' is missing", Assert.Single(report.NotComparable).Reason);
        Assert.Throws<JsonException>(() => RunExport.Parse("{}"));
    }

    [Fact]
    public async Task Only_final_failures_are_compared()
    {
        await using var flow = await FlowTest.For(Refusing(limit: 10));
        flow.FailAt("Begin", 1, new TimeoutException());
        var run = await flow.StartAsync(new { Amount = 50 });
        await run.EndAsync();
        run.AssertStatus(WorkflowStatus.Failed);
        var export = await run.ExportAsync();

        Assert.Equal(1, (await flow.ReplayAsync(export)).AssertSame().Compared);
        var changed = await Replay.RunAsync(export, Refusing(limit: 100));

        Assert.Equal("nowhere: it throws NotRetryableException", Assert.Single(changed.Differences).Expected);

        static WorkflowDefinition Refusing(int limit) =>
            WorkflowDefinitionBuilder
                .Named("Refusing")
                .Start(
                    "Begin",
                    step =>
                        step.Variables.Get<int>("amount") > limit
                            ? throw new NotRetryableException("too much")
                            : GoTo("Done"),
                    ["Done"]
                )
                .End("Done")
                .Build();
    }

    [Fact]
    public async Task A_retried_step_is_not_compared_without_the_signal_of_its_failed_attempt()
    {
        var stop = TestContext.Current.CancellationToken;
        var definition = WorkflowDefinitionBuilder
            .Named("Refusing")
            .Start("Begin", _ => WaitFor("bid").Then("Bid"), ["Bid"])
            .State(
                "Bid",
                step => step.Signal is null ? GoTo("Done") : throw new NotRetryableException("too much"),
                ["Done"]
            )
            .End("Done")
            .Build();
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            flow => flow.AddDefinition(definition)
        );
        var id = await engine.CreateAsync("Refusing");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Signals.SendAsync(
            new()
            {
                WorkflowId = id,
                Name = "bid",
                Payload = "4",
                Actor = "ann",
            },
            stop
        );
        await engine.UntilAsync(id, WorkflowStatus.Failed);
        await engine.Interventions.RetryAsync(id, "ann", stop);
        await engine.UntilAsync(id, workflow => workflow is { Status: WorkflowStatus.Failed, ExecutionCount: 3 });

        var replay = await Replay.RunAsync(await RunExport.OfAsync(engine.Store, id, stop), definition);

        replay.AssertSame();
        Assert.Equal((1, 2), (replay.Compared, replay.NotComparable.Count));
    }

    [Fact]
    public async Task A_step_is_replayed_on_its_recorded_clock()
    {
        var definition = WorkflowDefinitionBuilder
            .Named("Slow")
            .Start(
                "Begin",
                async step =>
                {
                    await Task.Delay(TimeSpan.FromHours(1), step.Clock, step.Cancellation);
                    step.Variables.Set("at", step.Clock.GetUtcNow());
                    return GoTo("Done");
                },
                ["Done"],
                timeout: TimeSpan.FromDays(1)
            )
            .End("Done")
            .Build();
        await using var flow = await FlowTest.For(definition);
        var run = await flow.StartAsync();
        await run.EndAsync("Done");

        (await flow.ReplayAsync(await run.ExportAsync())).AssertSame();
    }

    [Fact]
    public async Task A_removed_state_is_a_difference()
    {
        await using var flow = await FlowTest.For(Child());
        var run = await flow.StartAsync();
        var renamed = WorkflowDefinitionBuilder
            .Named("Child")
            .Start("Start", _ => GoTo("Done"), ["Done"])
            .End("Done")
            .Build();

        var report = await Replay.RunAsync(await run.ExportAsync(), renamed);

        Assert.Contains("no such state has a function", Assert.Single(report.Differences).Actual);
    }

    private static async Task<RunExport> RecordAsync(StoreKind store)
    {
        await using var engine = await EngineHarness.StartAsync(
            store,
            flow => flow.AddDefinition(Counter(bonusAt: 700)),
            new EngineOptions { StepsWithoutWait = 0 }
        );
        var id = await engine.CreateAsync("Counter");
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        return await RunExport.OfAsync(engine.Store, id, TestContext.Current.CancellationToken);
    }

    /// <summary>Counts to 1,000 and visits Bonus once.</summary>
    private static WorkflowDefinition Counter(int bonusAt) =>
        WorkflowDefinitionBuilder
            .Named("Counter")
            .Start(
                "Count",
                step =>
                {
                    var count = step.Variables.Get("count", 0) + 1;
                    step.Variables.Set("count", count);
                    return GoTo(
                        count == bonusAt ? "Bonus"
                        : count == Steps ? "Done"
                        : "Count"
                    );
                },
                ["Count", "Bonus", "Done"]
            )
            .State("Bonus", _ => GoTo("Count"), ["Count"])
            .End("Done")
            .Build();

    private static WorkflowDefinition Family(int bid) =>
        WorkflowDefinitionBuilder
            .Named("Family")
            .Start("Begin", _ => WaitFor("bid").Then("Bid"), ["Bid"])
            .State(
                "Bid",
                step =>
                    step.Signal!.Get<int>() < bid
                        ? GoTo("Lost")
                        : GoTo("Sum")
                            .Spawn(
                                Enumerable.Range(0, step.Signal.Get<int>()).Select(n => step.NewChild("Child", $"{n}"))
                            )
                            .WhenChildrenFinished(),
                ["Sum", "Lost"]
            )
            .State(
                "Sum",
                async step =>
                    GoTo("Done")
                        .Returning(
                            (await step.GetChildResultsAsync()).Sum(child => child.Output!.As<int>())
                                + (await step.GetChildrenAsync()).Count
                        ),
                ["Done"]
            )
            .End("Done")
            .Error("Lost")
            .Build();

    private static WorkflowDefinition Child() =>
        WorkflowDefinitionBuilder
            .Named("Child")
            .Start("Begin", _ => GoTo("Done").Returning(10), ["Done"])
            .End("Done")
            .Build();

    private sealed class Dearer : IPayments
    {
        public Task<string> ChargeAsync(string key, decimal amount) => Task.FromResult($"{amount + 0.5m:0} for {key}");
    }
}
