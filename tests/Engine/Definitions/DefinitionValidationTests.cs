using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;

namespace GopherFlow.Engine.Tests.Definitions;

/// <summary>What makes a definition invalid. All errors are reported at once.</summary>
public sealed class DefinitionValidationTests
{
    private static readonly StateFunction Anything = static _ => new(NextState.GoTo("B"));

    [Fact]
    public void A_valid_definition_has_no_errors() =>
        Assert.Empty(FaultsOf(Start("A", "B"), Normal("B", "B", "C"), End("C")));

    [Fact]
    public void A_definition_needs_a_Start_state() => Assert.Contains("no Start state", Only(FaultsOf(End("A"))));

    [Fact]
    public void A_definition_has_only_one_Start_state() =>
        Assert.Contains("2 Start states (A, B)", Only(FaultsOf(Start("A", "C"), Start("B", "C"), End("C"))));

    [Fact]
    public void Targets_must_exist() =>
        Assert.Contains("goes to 'Nowhere'", Only(FaultsOf(Start("A", "B", "Nowhere"), End("B"))));

    [Fact]
    public void Every_state_must_be_reachable() =>
        Assert.Contains("'Island': cannot be reached", Only(FaultsOf(Start("A", "B"), End("B"), End("Island"))));

    [Fact]
    public void A_manual_state_without_targets_reaches_every_state() =>
        Assert.Empty(FaultsOf(Start("A", "M"), new("M", StateType.Manual, []), End("Anywhere")));

    [Fact]
    public void A_state_that_runs_needs_a_function() =>
        Assert.Contains(
            "'B': has no function",
            Only(FaultsOf(Start("A", "B"), new("B", StateType.Normal, ["C"]), End("C")))
        );

    [Fact]
    public void A_state_that_never_runs_has_no_function() =>
        Assert.Contains("would never run", Only(FaultsOf(Start("A", "B"), new("B", StateType.End, [], Anything))));

    [Fact]
    public void A_state_that_runs_needs_a_target() =>
        Assert.Contains("'B': has no way out", Only(FaultsOf(Start("A", "B"), Normal("B"))));

    [Fact]
    public void A_final_state_has_no_targets() =>
        Assert.Contains("final, but names", Only(FaultsOf(Start("A", "B"), new("B", StateType.Error, ["A"]))));

    [Fact]
    public void Names_are_unique() =>
        Assert.Contains("'B': is declared 2 times", Only(FaultsOf(Start("A", "B"), End("B"), End("B"))));

    [Fact]
    public void Retention_is_not_negative()
    {
        var retention = new Retention { Finished = TimeSpan.FromDays(-1), Failed = TimeSpan.Zero };
        var definition = new WorkflowDefinition("Order", "", [Start("A", "B"), End("B")], retention: retention);

        Assert.Equal(
            "Order: has a retention (Finished) of -1.00:00:00; expected zero (forever) or more",
            $"{Assert.Single(DefinitionValidation.Validate(definition))}"
        );
    }

    [Fact]
    public void Targets_are_named_once() =>
        Assert.Contains("names the target 'B' 2 times", Only(FaultsOf(Start("A", "B", "B"), End("B"))));

    [Theory]
    [InlineData("")]
    [InlineData(" B")]
    [InlineData("B\n")]
    public void Names_with_special_characters_are_rejected(string name) =>
        Assert.NotEmpty(FaultsOf(Start("A", name), End(name)));

    [Fact]
    public void A_name_has_at_most_200_characters() =>
        Assert.Contains("at most 200", Only(FaultsOf(Start("A", new string('x', 201)), End(new string('x', 201)))));

    /// <summary>The longest wait of a .NET timer is 49 days.</summary>
    [Fact]
    public void A_timeout_is_more_than_zero_and_at_most_thirty_days()
    {
        Assert.Contains("timeout", Only(FaultsOf(Start("A", "B") with { Timeout = TimeSpan.Zero }, End("B"))));
        Assert.Contains("30 days", Only(FaultsOf(Start("A", "B") with { Timeout = TimeSpan.MaxValue }, End("B"))));
        Assert.Empty(FaultsOf(Start("A", "B") with { Timeout = TimeSpan.FromDays(30) }, End("B")));
    }

    [Fact]
    public void An_inconsistent_retry_policy_is_rejected()
    {
        var backwards = RetryPolicy.Linear(-1, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
        var faults = FaultsOf(Start("A", "B") with { Retry = backwards }, End("B"));
        Assert.Equal(2, faults.Count);
    }

    [Theory]
    [InlineData("Nowhere")]
    [InlineData("B")]
    public void The_cancel_state_has_a_function(string cancelState)
    {
        var definition = new WorkflowDefinition("W", "", [Start("A", "B"), End("B")], cancelState: cancelState);

        var fault = Assert.Single(DefinitionValidation.Validate(definition));

        Assert.Equal(
            $"W: goes to '{cancelState}' when it is cancelled, which is not a state with a function",
            fault.ToString()
        );
        Assert.Equal(cancelState, fault.Target);
    }

    [Theory]
    [InlineData("Nowhere", "which is not a state with a function")]
    [InlineData("B", "which is not a state with a function")]
    [InlineData("Undo", "which undoes another state; expected one that returns Compensate")]
    public void The_failure_state_has_a_function_and_compensates_nothing(string failureState, string what)
    {
        var definition = new WorkflowDefinition(
            "W",
            "",
            [Start("A", "B") with { CompensatedBy = "Undo" }, Normal("Undo"), End("B")],
            failureState: failureState
        );

        var fault = Assert.Single(DefinitionValidation.Validate(definition));

        Assert.Equal($"W: goes to '{failureState}' when a state fails, {what}", fault.ToString());
    }

    [Fact]
    public void A_compensating_state_needs_no_transition_to_or_from_it() =>
        Assert.Empty(FaultsOf(Start("A", "B") with { CompensatedBy = "Undo" }, Normal("Undo"), End("B")));

    [Theory]
    [InlineData("Nowhere", "which is not a state of the definition; expected one of Undo")]
    [InlineData("A", "which is of type Start; expected an ordinary state, whose function returns Undone")]
    [InlineData("B", "which is of type End; expected an ordinary state, whose function returns Undone")]
    [InlineData("Done", "which is itself compensated by 'Undo'; expected a state that nothing undoes")]
    public void A_compensating_state_is_an_ordinary_state(string undo, string what) =>
        Assert.Equal(
            [$"W, state 'A': is compensated by '{undo}', {what}"],
            FaultsOf(
                Start("A", "Done") with
                {
                    CompensatedBy = undo,
                },
                Normal("Done", "B") with
                {
                    CompensatedBy = "Undo",
                },
                Normal("Undo"),
                End("B")
            )
        );

    [Fact]
    public void A_state_without_a_function_cannot_be_compensated() =>
        Assert.Contains(
            "runs nothing",
            Only(
                FaultsOf(
                    Start("A", "B") with
                    {
                        CompensatedBy = "Undo",
                    },
                    Normal("Undo"),
                    End("B") with
                    {
                        CompensatedBy = "Undo",
                    }
                )
            )
        );

    [Fact]
    public void Five_errors_are_reported_at_once_with_names()
    {
        var registration = new GopherFlowRegistration();
        registration.AddDefinition(
            WorkflowDefinitionBuilder
                .Named("Broken")
                .Start("A", Go, goesTo: ["B", "Nowhere"])
                .State("B", Go, goesTo: [])
                .State("Island", Go, goesTo: ["Island"])
                .End("A")
                .Draft()
        );
        registration.AddDefinition(WorkflowDefinitionBuilder.Named("Empty").Draft());

        var fault = Assert.Throws<InvalidDefinitionException>(registration.Build);

        Assert.Equal(5, fault.Faults.Count);
        Assert.Contains("5 faults", fault.Message);
        Assert.All(fault.Faults, each => Assert.Contains(each.ToString(), fault.Message));
        Assert.Contains("Empty: has no Start state", fault.Message);
    }

    private static NextState Go(StepContext step) => NextState.GoTo("B");

    private static StateDefinition Start(string name, params string[] goesTo) =>
        new(name, StateType.Start, goesTo, Anything);

    private static StateDefinition Normal(string name, params string[] goesTo) =>
        new(name, StateType.Normal, goesTo, Anything);

    private static StateDefinition End(string name) => new(name, StateType.End, []);

    private static IReadOnlyList<string> FaultsOf(params StateDefinition[] states) =>
        [.. DefinitionValidation.Validate(new WorkflowDefinition("W", "", states)).Select(fault => fault.ToString())];

    private static string Only(IReadOnlyList<string> faults) => Assert.Single(faults);
}
