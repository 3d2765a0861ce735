using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>What is committed with each step.</summary>
public sealed class SteppingTests
{
    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_workflow_runs_to_its_end_with_its_history(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        step =>
                        {
                            step.Variables["first"] = "ran";
                            return Task.FromResult(NextState.GoTo("Second").Log("on we go"));
                        },
                        step =>
                        {
                            step.Variables["second"] = $"after {step.Variables["first"]}";
                            return Task.FromResult(NextState.GoTo("Done"));
                        }
                    )
                )
        );

        var id = await engine.CreateAsync("W");
        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("Done", done.State);
        Assert.Equal("""{"first":"ran","second":"after ran"}""", done.StateVars);
        Assert.Equal((2, 2, 0), (done.Step, done.ExecutionCount, done.RetryCount));
        Assert.Null(done.ExecutorId);
        Assert.Equal(
            [
                "CREATED First: Created",
                "TRANSITION First: From First to Second",
                "LOG Second: on we go",
                "TRANSITION Second: From Second to Done",
                "END Done: workflow complete",
            ],
            await engine.HistoryAsync(id)
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_log_line_of_the_author_may_have_any_character(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Done").Log("a\0b '\"\\ 🦫")))
        );

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Contains("LOG Done: a\uFFFDb '\"\\ 🦫", await engine.HistoryAsync(id));
    }

    [Theory]
    [InlineData("Done", WorkflowStatus.Finished)]
    [InlineData("Bad", WorkflowStatus.Error)]
    [InlineData("Ask", WorkflowStatus.Waiting)]
    public async Task The_type_of_the_reached_state_determines_the_status(string target, WorkflowStatus status)
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo(target)))
        );

        var id = await engine.CreateAsync("W");

        Assert.Equal(target, (await engine.UntilAsync(id, status)).State);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_class_runs_with_constructor_injection(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddWorkflow<Greeter>(),
            configure: services => services.AddScoped<Greeting>()
        );

        var id = await engine.CreateAsync("Greeter");

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"said":"hello test"}""", done.StateVars);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task An_undeclared_transition_is_an_error_and_the_step_is_discarded(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        step =>
                        {
                            step.Variables["x"] = "1";
                            return NextState.GoTo("Elsewhere");
                        }
                    )
                )
        );

        var id = await engine.CreateAsync("W");

        var stopped = await engine.UntilAsync(id, WorkflowStatus.Error);
        Assert.Equal(("Work", "{}"), (stopped.State, stopped.StateVars));
        Assert.Contains(
            "ERROR Invalid Transition: 'Work' may go to Work, Done, Ask, Bad, but asked for 'Elsewhere'",
            await engine.HistoryAsync(id)
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_state_missing_from_the_definition_is_an_error(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var lost = new NewWorkflow
        {
            ExternalId = "lost",
            WorkflowType = "W",
            Version = Machines.Version,
            BusinessKey = "k",
            ExecutorGroup = "default",
            State = "Second",
            NextActivation = clock.GetUtcNow(),
        };
        var written = await store.Workflows.WriteAsync(
            new WriteBatch([lost], [], ExecutorId: 99, clock.GetUtcNow()),
            TestContext.Current.CancellationToken
        );

        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.Trivial("W"))
        );

        var id = written.Creates[0].Id;
        await engine.UntilAsync(id, WorkflowStatus.Error);
        Assert.Contains("has no state 'Second'", (await engine.HistoryAsync(id))[^1]);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_step_knows_its_key_and_attempt(StoreKind kind)
    {
        var seen = new List<(string Key, int Attempt)>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        step => Seen(step, "Second"),
                        step => Seen(step, "Done"),
                        RetryPolicy.Linear(1, TimeSpan.Zero, TimeSpan.Zero)
                    )
                )
        );

        var id = await engine.CreateAsync("W", externalId: "order-7");
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal([("order-7:0", 1), ("order-7:0", 2), ("order-7:1", 1), ("order-7:1", 2)], seen);

        Task<NextState> Seen(StepContext step, string next)
        {
            seen.Add((step.StepKey, step.Attempt));
            return step.Attempt == 1
                ? throw new InvalidOperationException("once")
                : Task.FromResult(NextState.GoTo(next));
        }
    }

    private static NextState Done(StepContext step) => NextState.GoTo("Done");

    private sealed class Greeting
    {
        public string To(string whom) => $"hello {whom}";
    }

    private sealed class Greeter(Greeting greeting) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(Done)]
        public async Task<NextState> Greet(CancellationToken stop)
        {
            await Task.Yield();
            stop.ThrowIfCancellationRequested();
            Variables["said"] = greeting.To(Step.BusinessKey);
            return GoTo(Done);
        }
    }
}
