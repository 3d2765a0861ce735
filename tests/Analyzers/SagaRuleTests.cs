namespace GopherFlow.Analyzers.Tests;

/// <summary>A compensation state is reached by the state that names it and needs no targets.</summary>
public sealed class SagaRuleTests
{
    private const string Valid = """
        public sealed partial class Trip : Workflow
        {
            [Start, Compensate(nameof(Refund))]
            public NextState Charge() => Variables.Contains("x") ? To.Done : Compensate(To.Cancelled);

            [State]
            public NextState Refund() => Undone();

            [State, OnFailure]
            public NextState GiveUp() => Compensate(then: Cancelled);

            [End]
            private const string Done = "Done";

            [Error]
            private const string Cancelled = "Cancelled";
        }
        """;

    [Fact]
    public async Task A_valid_saga_has_no_errors() => Assert.Empty(await Compiled.DiagnosticsOfAsync(Valid));

    [Fact]
    public void The_state_after_compensation_is_a_target()
    {
        var definition = Compiled.DefinitionOf(Valid);

        Assert.Equal(["Charge -> Done, Cancelled", "GiveUp -> Cancelled"], Compiled.EdgesOf(Valid));
        Assert.Equal(("Refund", "GiveUp"), (definition.States[0].CompensatedBy, definition.FailureState));
    }

    [Fact]
    public async Task Undone_in_a_state_that_is_not_a_compensation_is_an_error()
    {
        var code = Valid.Replace(", Compensate(nameof(Refund))", "", StringComparison.Ordinal);

        Assert.Equal(
            ["GF1001 7: Refund", "GF1002 7: Refund", "GF1009 7: Undone()"],
            (await Compiled.DiagnosticsOfAsync(code)).Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            "State 'Refund' calls Undone, but no state refers to it with [Compensate]; add the attribute, or go to a state",
            await Compiled.MessagesOfAsync(code)
        );
    }

    [Theory]
    [InlineData("nameof(Refund)", "\"Refunds\"", "GF1003 3: \"Refunds\"")]
    [InlineData("then: Cancelled", "then: \"Gone\"", "GF1003 10: \"Gone\"")]
    public async Task A_target_that_does_not_exist_is_an_error(string valid, string faulty, string fault) =>
        Assert.Contains(
            fault,
            await Compiled.DiagnosticsOfAsync(Valid.Replace(valid, faulty, StringComparison.Ordinal))
        );
}
