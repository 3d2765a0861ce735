namespace GopherFlow.Analyzers.Tests;

/// <summary>What is wrong with a machine is an error at its place.</summary>
public sealed class MachineRuleTests
{
    private const string Sound = """
        public sealed partial class Flow : Workflow
        {
            [Start]
            public NextState First() => Variables.Contains("x") ? To.Second : GoTo(Ask);

            [State]
            public NextState Second() => GoTo("Done");

            [State, OnCancel]
            public NextState Undo() => To.Done;

            [Manual, GoesTo(nameof(Second))]
            private const string Ask = "Ask";

            [End]
            private const string Done = "Done";
        }
        """;

    [Fact]
    public async Task A_sound_machine_has_no_faults() => Assert.Empty(await Compiled.FaultsOfAsync(Sound));

    [Fact]
    public async Task A_state_that_nothing_leads_to_is_an_error()
    {
        var code = With("To.Second : GoTo(Ask)", "To.Done : To.Done");

        Assert.Equal(["GF1001 7: Second", "GF1001 13: Ask"], await Compiled.FaultsOfAsync(code));
        Assert.Contains(
            "State 'Second' cannot be reached from the Start state; remove it or lead a transition to it",
            await Compiled.MessagesOfAsync(code)
        );
    }

    [Fact]
    public async Task A_person_may_lead_to_any_state() =>
        Assert.Empty(
            await Compiled.FaultsOfAsync(
                With("""To.Second : GoTo(Ask)""", "To.Ask : To.Ask", "[Manual, GoesTo(nameof(Second))]", "[Manual]")
            )
        );

    [Fact]
    public async Task A_state_whose_targets_are_known_only_when_it_runs_may_lead_to_any() =>
        Assert.Empty(await Compiled.FaultsOfAsync(With("To.Second : GoTo(Ask)", "GoTo(Variables[\"to\"]!) : To.Done")));

    [Fact]
    public async Task A_state_that_leads_nowhere_is_an_error()
    {
        var code = With("""GoTo("Done")""", "throw new NotRetryableException(\"no\")");

        Assert.Equal(["GF1002 7: Second"], await Compiled.FaultsOfAsync(code));
        Assert.Equal(
            ["State 'Second' leads to no other; return a target such as To.Done, or name the targets with [GoesTo]"],
            await Compiled.MessagesOfAsync(code)
        );
    }

    [Theory]
    [InlineData("""GoTo("Done")""", """GoTo("Dome")""", "GF1003 7: \"Dome\"")]
    [InlineData(
        """GoTo("Done")""",
        """WaitFor("x").OrAfter(default, nameof(Flow)).Then("Done")""",
        "GF1003 7: nameof(Flow)"
    )]
    [InlineData("""GoTo("Done")""", """WaitFor("x").Then("Gone")""", "GF1003 7: \"Gone\"")]
    [InlineData("GoesTo(nameof(Second))", """GoesTo(nameof(Second), "Third")""", "GF1003 12: \"Third\"")]
    public async Task A_target_that_is_no_state_is_an_error(string sound, string faulty, string fault) =>
        Assert.Equal(
            [fault],
            (await Compiled.FaultsOfAsync(With(sound, faulty))).Where(told =>
                told.StartsWith("GF1003", StringComparison.Ordinal)
            )
        );

    [Fact]
    public async Task An_unknown_target_is_told_with_those_that_there_are() =>
        Assert.Contains(
            "'Dome' is no state of Flow; its states are First, Second, Undo, Ask, Done",
            await Compiled.MessagesOfAsync(With("""GoTo("Done")""", """GoTo("Dome")"""))
        );

    [Theory]
    [InlineData("public sealed class Typed", "GF1004 1: Typed")]
    [InlineData("public sealed partial class Typed", null)]
    public async Task A_typed_class_must_be_partial(string header, string? fault) =>
        Assert.Equal(
            fault is null ? [] : [fault],
            await Compiled.FaultsOfAsync(
                header
                    + """
                     : Workflow<Dictionary<string, int>>
                    {
                        [Start, GoesTo(Done)]
                        public NextState First() => GoTo(Done);

                        [End]
                        private const string Done = "Done";
                    }
                    """
            )
        );

    [Fact]
    public async Task What_is_around_a_typed_class_must_be_partial_too() =>
        Assert.Equal(
            ["GF1004 1: Around"],
            await Compiled.FaultsOfAsync(
                """
                public static class Around
                {
                    public sealed partial class Typed : Workflow<Dictionary<string, int>>
                    {
                        [Start, GoesTo(Done)]
                        public NextState First() => GoTo(Done);

                        [End]
                        private const string Done = "Done";
                    }
                }
                """
            )
        );

    [Fact]
    public async Task A_class_without_the_generator_is_checked_by_what_it_declares() =>
        Assert.Equal(
            ["GF1002 6: Second"],
            await Compiled.FaultsOfAsync(
                """
                public sealed class Flow : Workflow
                {
                    [Start, GoesTo(nameof(Second))]
                    public NextState First() => GoTo(nameof(Second));
                    [State, GoesTo]
                    public NextState Second() => throw new NotRetryableException("no");
                }
                """
            )
        );

    private static string With(params string[] replaced)
    {
        var code = Sound;
        for (var index = 0; index < replaced.Length; index += 2)
        {
            Assert.Contains(replaced[index], code, StringComparison.Ordinal);
            code = code.Replace(replaced[index], replaced[index + 1], StringComparison.Ordinal);
        }

        return code;
    }
}
