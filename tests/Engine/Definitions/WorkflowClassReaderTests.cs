using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;

namespace GopherFlow.Engine.Tests.Definitions;

/// <summary>The definition that a workflow class declares.</summary>
public sealed class WorkflowClassReaderTests
{
    [Fact]
    public void A_class_declares_its_definition()
    {
        var registry = new GopherFlowRegistration().AddWorkflow<Declared>().Build();

        Assert.True(registry.TryFind("DeclaredByHand", out var definition));
        Assert.Equal("What it is for", definition.Description);
        Assert.Equal("First", definition.InitialState);
        Assert.Equal(RetryPolicy.None, definition.Retry);
        Assert.Equal(new Retention { Finished = TimeSpan.FromDays(7) }, definition.Retention);
        Assert.Equal(
            [
                ("First", StateType.Start, "Second,Ask"),
                ("Second", StateType.Normal, "Second,Done,Bad"),
                ("Ask", StateType.Manual, "Second"),
                ("Bad", StateType.Error, ""),
                ("Done", StateType.End, ""),
            ],
            definition.States.Select(state => (state.Name, state.Type, string.Join(',', state.GoesTo)))
        );
        Assert.True(definition.TryFind("Second", out var second));
        Assert.Equal(TimeSpan.FromSeconds(1.5), second.Timeout);
        Assert.Equal(RetryPolicy.Exponential(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9)), second.Retry);
    }

    [Fact]
    public void A_class_without_a_name_uses_the_class_name()
    {
        var registry = new GopherFlowRegistration().AddWorkflow<Nameless>().Build();
        Assert.Equal(["Nameless"], registry.Names);
    }

    [Fact]
    public void Every_error_of_a_declaration_is_reported()
    {
        var fault = Assert.Throws<InvalidDefinitionException>(
            new GopherFlowRegistration().AddWorkflow<Misdeclared>().Build
        );

        Assert.Contains("state 'Returns': returns String; it must return NextState", fault.Message);
        Assert.Contains("state 'Takes': takes a parameter 'number' of type Int32", fault.Message);
        Assert.Contains("state 'Static': is static or generic", fault.Message);
        Assert.Contains("state 'EndMethod': is final and returns NextState; have it return the result", fault.Message);
        Assert.Contains("state 'Variable': must be a constant string", fault.Message);
        Assert.Contains("state 'StartField': is Start or Normal and runs; declare it as a method", fault.Message);
    }

    [Fact]
    public void A_clean_up_state_needs_no_transition_to_it()
    {
        var registry = new GopherFlowRegistration().AddWorkflow<CleansUp>().Build();

        Assert.True(registry.TryFind("CleansUp", out var definition));
        Assert.Equal("Undo", definition.CancelState);
    }

    [Fact]
    public void Two_clean_up_states_are_an_error()
    {
        var fault = Assert.Throws<InvalidDefinitionException>(
            new GopherFlowRegistration().AddWorkflow<CleansUpTwice>().Build
        );

        Assert.Contains("CleansUpTwice: marks Undo and UndoToo with [OnCancel]; mark one state at most", fault.Message);
    }

    [Fact]
    public void The_version_is_derived_from_the_shape_unless_set_by_hand()
    {
        var one = Machine("W", "B");
        Assert.Equal(one.Version, Machine("Other", "B").Version);
        Assert.NotEqual(one.Version, Machine("W", "C").Version);
        Assert.NotEqual(Saga("A").Version, Saga("B").Version);
        Assert.NotEqual(Saga("A").Version, Saga("A", "A").Version);
        Assert.Equal("7", WorkflowDefinitionBuilder.Named("W").Version("7").Draft().Version);
    }

    private static WorkflowDefinition Saga(string undone, string? failureState = null) =>
        new(
            "W",
            "",
            [
                .. Machine("W", "C")
                    .States.Select(state => state with { CompensatedBy = state.Name == undone ? "Undo" : null }),
            ],
            failureState: failureState
        );

    private static WorkflowDefinition Machine(string name, string end) =>
        WorkflowDefinitionBuilder.Named(name).Start("A", _ => NextState.GoTo(end), goesTo: [end]).End(end).Build();

    [Workflow("DeclaredByHand", "What it is for")]
    private sealed class Declared : Workflow
    {
        [Manual, GoesTo(nameof(Second))]
        public const string Ask = "Ask";

        [Error]
        public const string Bad = "Bad";

        [End]
        private const string Done = "Done";

        protected internal override RetryPolicy Retry => RetryPolicy.None;

        protected internal override Retention Retention => new() { Finished = TimeSpan.FromDays(7) };

        [Start, GoesTo(nameof(Second), Ask)]
        public NextState First() => GoTo(nameof(Second));

        [State, GoesTo(nameof(Second), Done, Bad)]
        [Timeout(1.5), Retry(3, 1, 9, Growth = RetryGrowth.Exponential)]
        private ValueTask<NextState> Second(StepContext step, CancellationToken stop) => new(GoTo(Done));
    }

    private sealed class Nameless : Workflow
    {
        [End]
        public const string B = "B";

        [Start, GoesTo(B)]
        public NextState A() => GoTo(B);
    }

    private class CleansUp : Workflow
    {
        [End]
        public const string B = "B";

        [Start, GoesTo(B)]
        public NextState A() => GoTo(B);

        [State, OnCancel, GoesTo(B)]
        public NextState Undo() => GoTo(B);
    }

    private sealed class CleansUpTwice : CleansUp
    {
        [State, OnCancel, GoesTo(B)]
        public NextState UndoToo() => GoTo(B);
    }

    [Output(typeof(int))]
    private sealed class Misdeclared : Workflow
    {
        [End]
        public static readonly string Variable = "Variable";

        [Start]
        public const string StartField = "StartField";

        [End]
        public const string Finish = "Finish";

        [Start, GoesTo(nameof(Takes))]
        public string Returns() => Finish;

        [State, GoesTo(nameof(Static))]
        public NextState Takes(int number) => GoTo($"{number}");

        [State, GoesTo(Finish)]
        public static NextState Static() => GoTo(Finish);

        [End]
        public NextState EndMethod() => GoTo(Finish);

        [Error]
        public ValueTask<string> Other() => new("");

        [Error]
        public Task Nothing() => Task.CompletedTask;

        [Manual, GoesTo(Finish)]
        public NextState OnAsked() => GoTo(Finish);
    }
}
