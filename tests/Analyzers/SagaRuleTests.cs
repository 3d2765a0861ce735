namespace GopherFlow.Analyzers.Tests;

/// <summary>States that undo others are reached by them, and need no targets.</summary>
public sealed class SagaRuleTests
{
    private const string Sound = """
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
    public async Task A_sound_saga_has_no_faults() => Assert.Empty(await Compiled.FaultsOfAsync(Sound));

    [Fact]
    public void Where_it_goes_when_all_is_undone_is_a_target()
    {
        var definition = Compiled.DefinitionOf(Sound);

        Assert.Equal(["Charge -> Done, Cancelled", "GiveUp -> Cancelled"], Compiled.EdgesOf(Sound));
        Assert.Equal(("Refund", "GiveUp"), (definition.States[0].CompensatedBy, definition.FailureState));
    }

    [Fact]
    public async Task Undone_in_a_state_that_nobody_names_is_an_error()
    {
        var code = Sound.Replace(", Compensate(nameof(Refund))", "", StringComparison.Ordinal);

        Assert.Equal(
            ["GF1001 7: Refund", "GF1002 7: Refund", "GF1009 7: Undone()"],
            (await Compiled.FaultsOfAsync(code)).Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            "State 'Refund' says Undone, but no state names it with [Compensate]; name it there, or go to a state",
            await Compiled.MessagesOfAsync(code)
        );
    }

    [Theory]
    [InlineData("nameof(Refund)", "\"Refunds\"", "GF1003 3: \"Refunds\"")]
    [InlineData("then: Cancelled", "then: \"Gone\"", "GF1003 10: \"Gone\"")]
    public async Task A_state_that_is_not_there_is_an_error(string sound, string faulty, string fault) =>
        Assert.Contains(fault, await Compiled.FaultsOfAsync(Sound.Replace(sound, faulty, StringComparison.Ordinal)));
}
