using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Pictures and variables derived from the history, on every store.</summary>
public sealed class WorkflowTraceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_picture_has_the_visits_and_the_time_of_each_state_and_the_uses_of_each_transition(
        StoreKind kind
    )
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Loop()));
        var id = await engine.CreateAsync("Loop");
        for (var round = 0; round < 2; round++)
        {
            var due = engine.Clock.GetUtcNow() + TimeSpan.FromMinutes(10);
            await engine.UntilAsync(id, workflow => workflow.State == "Rest" && workflow.NextActivation == due);
            engine.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        await engine.UntilAsync(id, WorkflowStatus.Waiting);
        engine.Clock.Advance(TimeSpan.FromHours(1));

        var waiting = (await engine.Trace.PictureAsync(id, Stop))!;

        Assert.Equal(["Work", "Rest", "Ask"], waiting.States.Select(state => state.State));
        Assert.Equal([3, 2, 1], waiting.States.Select(state => state.Visits));
        Assert.Equal(
            [TimeSpan.Zero, TimeSpan.FromMinutes(20), TimeSpan.FromHours(1)],
            waiting.States.Select(state => state.Time)
        );
        Assert.Equal([3, 2, 0], waiting.States.Select(state => state.Attempts));
        Assert.Equal(
            [("Work", "Rest", 2, false), ("Rest", "Work", 2, false), ("Work", "Ask", 1, false)],
            waiting.Transitions.Select(uses => (uses.From, uses.To, (int)uses.Count, uses.ByHand))
        );

        await engine.Interventions.MoveAsync(
            new()
            {
                WorkflowId = id,
                State = "Done",
                Actor = "ann",
            },
            Stop
        );
        engine.Clock.Advance(TimeSpan.FromHours(1));

        var done = (await engine.Trace.PictureAsync(id, Stop))!;
        Assert.Equal(("Done", 1, TimeSpan.Zero), (done.States[^1].State, done.States[^1].Visits, done.States[^1].Time));
        Assert.Equal(TimeSpan.FromHours(1), done.States[2].Time);
        Assert.Equal(
            ("Ask", "Done", true),
            (done.Transitions[^1].From, done.Transitions[^1].To, done.Transitions[^1].ByHand)
        );
        Assert.Null(await engine.Trace.PictureAsync(id + 1000, Stop));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_picture_has_no_time_for_a_state_whose_entry_was_deleted(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Endless()));
        var id = await engine.CreateAsync("Endless");
        for (var generation = 0; generation < 2; generation++)
        {
            await WaitInAsync("Rest", TimeSpan.FromMinutes(10));
            await WaitInAsync("Look", TimeSpan.FromMinutes(1));
        }

        var due = engine.Clock.GetUtcNow() + TimeSpan.FromMinutes(10);
        await engine.UntilAsync(id, workflow => workflow.State == "Rest" && workflow.NextActivation == due);
        engine.Clock.Advance(TimeSpan.FromMinutes(6));

        var picture = (await engine.Trace.PictureAsync(id, Stop))!;

        // The oldest kept entry is the one with which the workflow left Look and began anew.
        Assert.Equal(
            [("Work", 2, TimeSpan.Zero), ("Rest", 2, TimeSpan.FromMinutes(16)), ("Look", 1, TimeSpan.Zero)],
            picture.States.Select(state => (state.State, (int)state.Visits, state.Time))
        );

        async Task WaitInAsync(string state, TimeSpan wait)
        {
            var end = engine.Clock.GetUtcNow() + wait;
            await engine.UntilAsync(id, workflow => workflow.State == state && workflow.NextActivation == end);
            engine.Clock.Advance(wait);
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_picture_of_a_saga_includes_the_compensation(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Saga()));
        var id = await engine.CreateAsync("Saga");
        await engine.UntilAsync(id, WorkflowStatus.Error);

        var ended = (await engine.Trace.PictureAsync(id, Stop))!;

        Assert.Equal(
            [
                ("Pay", "Ship", false),
                ("Ship", "GiveUp", false),
                ("GiveUp", "Refund", false),
                ("Refund", "Returned", false),
            ],
            ended.Transitions.Select(uses => (uses.From, uses.To, uses.ByHand))
        );
        Assert.Equal(
            [("Pay", 1, 0), ("Ship", 1, 1), ("GiveUp", 1, 0), ("Refund", 1, 0), ("Returned", 0, 0)],
            ended.States.Select(state => (state.State, (int)state.Attempts, (int)state.FailedAttempts))
        );
    }

    private static WorkflowDefinition Saga() =>
        WorkflowDefinitionBuilder
            .Named("Saga")
            .OnFailure("GiveUp")
            .Start("Pay", _ => NextState.GoTo("Ship"), ["Ship"])
            .State("Ship", Fail, ["Done"])
            .State("GiveUp", _ => NextState.Compensate("Returned"), ["Returned"])
            .State("Refund", _ => NextState.Undone(), [])
            .Compensate("Pay", by: "Refund")
            .End("Done")
            .Error("Returned")
            .Build();

    private static NextState Fail(StepContext step) => throw new NotRetryableException("no truck");

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_variables_are_known_at_every_position(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Counting()));
        var id = await engine.CreateAsync(
            "Counting",
            variables: Variables.Parse("""{"count":0,"card":"4111","kept":true}""")
        );
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        var history = (await engine.Store.ActionsAsync(new ActionSearch(id, 100), Stop)).Reverse().ToList();

        var atFirst = await engine.Trace.VariablesAtAsync(id, history[0].Id, Stop);
        var atLast = await engine.Trace.VariablesAtAsync(id, history[^1].Id, Stop);

        Assert.Equal(["count 0", "kept true"], Described(atFirst));
        Assert.Equal(["card"], atFirst.Unknown);
        Assert.Equal(["count 2", "text \"a\""], Described(atLast));
        Assert.Equal(["card", "long"], atLast.Unknown);
        Assert.DoesNotContain(
            history,
            action => action.Entry.Changes?.Contains("4111", StringComparison.Ordinal) == true
        );
        Assert.DoesNotContain(
            history,
            action => action.Entry.Changes?.Contains("4222", StringComparison.Ordinal) == true
        );
    }

    [Fact]
    public async Task Secret_values_are_not_kept_in_the_history()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("Quiet")
                        .WithoutVariableHistory()
                        .Start("Work", Set, ["Ask"])
                        .Manual("Ask")
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("Quiet", variables: Variables.Parse("""{"a":1}"""));
        await engine.UntilAsync(id, WorkflowStatus.Waiting);
        await engine.Interventions.ChangeVariablesAsync(id, [new("b", "2"), new("a", null)], "ann", Stop);

        var changes = await engine.Store.TracedChangesAsync(id, long.MaxValue, Stop);

        Assert.Equal(
            ["""{"omitted":["a"]}""", """{"omitted":["a"]}""", """{"removed":["a"],"omitted":["b"]}"""],
            changes.Select(change => change.Changes)
        );

        static NextState Set(StepContext step)
        {
            step.Variables["a"] = "x";
            return NextState.GoTo("Ask");
        }
    }

    [Fact]
    public async Task A_failed_attempt_records_its_exception_location_cause_and_duration()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.OneState("W", _ => Fail(), RetryPolicy.None))
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Failed);

        var failed = (await engine.Store.ActionsAsync(new ActionSearch(id, 1), Stop))[0].Entry;

        Assert.Equal(("InvalidOperationException", "no"), (failed.Error!.Type, failed.Error.Message));
        Assert.Contains(nameof(Fail), failed.Error.Stack, StringComparison.Ordinal);
        Assert.Contains("--- TimeoutException: too late", failed.Error.Stack, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, failed.Duration);

        static NextState Fail() => throw new InvalidOperationException("no", new TimeoutException("too late"));
    }

    private static string[] Described(VariablesAt at) =>
        [.. at.Values.Select(value => $"{value.Key} {value.Value.GetRawText()}").Order()];

    private static WorkflowDefinition Loop() =>
        WorkflowDefinitionBuilder
            .Named("Loop")
            .Start("Work", Work, ["Rest", "Ask"])
            .State("Rest", _ => NextState.GoTo("Work"), ["Work"])
            .Manual("Ask")
            .End("Done")
            .Build();

    private static WorkflowDefinition Endless() =>
        WorkflowDefinitionBuilder
            .Named("Endless")
            .Start("Work", _ => NextState.GoTo("Rest").After(TimeSpan.FromMinutes(10)), ["Rest"])
            .State("Rest", _ => NextState.GoTo("Look").After(TimeSpan.FromMinutes(1)), ["Look"])
            .State("Look", _ => NextState.GoTo("Work").ContinuingAnew(new Variables()), ["Work"])
            .Build();

    private static NextState Work(StepContext step)
    {
        var rounds = step.Variables.Get("rounds", 0) + 1;
        step.Variables.Set("rounds", rounds);
        return rounds == 3 ? NextState.GoTo("Ask") : NextState.GoTo("Rest").After(TimeSpan.FromMinutes(10));
    }

    private static WorkflowDefinition Counting() =>
        WorkflowDefinitionBuilder
            .Named("Counting")
            .Secret("card")
            .Start("First", step => Count(step, "Second"), ["Second"])
            .State("Second", step => Count(step, "Done"), ["Done"])
            .End("Done")
            .Build();

    private static NextState Count(StepContext step, string next)
    {
        step.Variables.Set("count", step.Variables.Get<int>("count") + 1);
        step.Variables["card"] = "4222";
        step.Variables["text"] = "a";
        step.Variables["long"] = new string('x', VariableTrace.LongestValue);
        step.Variables.Remove("kept");
        return NextState.GoTo(next);
    }
}
