using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Engine.Tests.Definitions;

/// <summary>In which states a workflow can only be because it cleans up after a cancel.</summary>
public sealed class CleanUpTests
{
    [Fact]
    public void Nothing_else_leads_to_them() =>
        Assert.Equal(["Tell", "Undo", "Undone"], StatesOf(Machine().OnCancel("Undo")));

    [Fact]
    public void Without_a_state_for_a_cancel_there_are_none() => Assert.Empty(StatesOf(Machine().OnFailure("Undo")));

    [Fact]
    public void A_failure_that_leads_there_too_is_no_clean_up() =>
        Assert.Equal(["Undo"], StatesOf(Machine().OnCancel("Undo").OnFailure("Tell")));

    [Fact]
    public void A_state_that_undoes_another_is_no_clean_up() =>
        Assert.Equal(["Undo"], StatesOf(Machine().OnCancel("Undo").Compensate("Work", by: "Tell")));

    [Fact]
    public void A_person_who_may_move_it_anywhere_may_move_it_there() =>
        Assert.Empty(StatesOf(Machine("Ask").OnCancel("Undo").Manual("Ask")));

    /// <summary>The clean-up has two states and an end of its own.</summary>
    private static WorkflowDefinitionBuilder Machine(params string[] others) =>
        WorkflowDefinitionBuilder
            .Named("W")
            .Start("Work", _ => NextState.GoTo("Done"), ["Done", .. others])
            .State("Undo", _ => NextState.GoTo("Tell"), ["Tell"])
            .State("Tell", _ => NextState.GoTo("Undone"), ["Undone"])
            .End("Done")
            .Error("Undone");

    private static IEnumerable<string> StatesOf(WorkflowDefinitionBuilder machine)
    {
        var definition = machine.Draft();
        return CleanUp
            .StatesOf(definition.States, definition.CancelState, definition.FailureState)
            .Order(StringComparer.Ordinal);
    }
}
