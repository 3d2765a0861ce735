namespace GopherFlow.Analyzers.Tests;

/// <summary>An invalid state machine is reported as an error at its position.</summary>
public sealed class MachineRuleTests
{
    private const string Valid = """
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
    public async Task A_valid_machine_has_no_errors() => Assert.Empty(await Compiled.DiagnosticsOfAsync(Valid));

    [Fact]
    public async Task An_unreachable_state_is_an_error()
    {
        var code = With("To.Second : GoTo(Ask)", "To.Done : To.Done");

        Assert.Equal(["GF1001 7: Second", "GF1001 13: Ask"], await Compiled.DiagnosticsOfAsync(code));
        Assert.Contains(
            "State 'Second' cannot be reached from the Start state; remove it or add a transition to it",
            await Compiled.MessagesOfAsync(code)
        );
    }

    [Fact]
    public async Task A_manual_state_without_targets_can_lead_to_any_state() =>
        Assert.Empty(
            await Compiled.DiagnosticsOfAsync(
                With("""To.Second : GoTo(Ask)""", "To.Ask : To.Ask", "[Manual, GoesTo(nameof(Second))]", "[Manual]")
            )
        );

    [Fact]
    public async Task A_state_with_computed_targets_can_lead_to_any_state() =>
        Assert.Empty(
            await Compiled.DiagnosticsOfAsync(With("To.Second : GoTo(Ask)", "GoTo(Variables[\"to\"]!) : To.Done"))
        );

    [Fact]
    public async Task A_state_without_targets_is_an_error()
    {
        var code = With("""GoTo("Done")""", "throw new NotRetryableException(\"no\")");

        Assert.Equal(["GF1002 7: Second"], await Compiled.DiagnosticsOfAsync(code));
        Assert.Equal(
            ["State 'Second' has no targets; return a target such as To.Done, or declare the targets with [GoesTo]"],
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
    public async Task A_target_that_is_not_a_state_is_an_error(string valid, string faulty, string fault) =>
        Assert.Equal(
            [fault],
            (await Compiled.DiagnosticsOfAsync(With(valid, faulty))).Where(text =>
                text.StartsWith("GF1003", StringComparison.Ordinal)
            )
        );

    [Fact]
    public async Task An_unknown_target_is_reported_with_the_existing_states() =>
        Assert.Contains(
            "'Dome' is not a state of Flow; its states are First, Second, Undo, Ask, Done",
            await Compiled.MessagesOfAsync(With("""GoTo("Done")""", """GoTo("Dome")"""))
        );

    [Theory]
    [InlineData("public sealed class Typed", "GF1004 1: Typed")]
    [InlineData("public sealed partial class Typed", null)]
    public async Task A_typed_class_must_be_partial(string header, string? fault) =>
        Assert.Equal(
            fault is null ? [] : [fault],
            await Compiled.DiagnosticsOfAsync(
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
    public async Task The_containing_type_of_a_typed_class_must_be_partial() =>
        Assert.Equal(
            ["GF1004 1: Around"],
            await Compiled.DiagnosticsOfAsync(
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
    public async Task A_class_without_generated_targets_is_checked_by_its_declared_targets() =>
        Assert.Equal(
            ["GF1002 6: Second"],
            await Compiled.DiagnosticsOfAsync(
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
        var code = Valid;
        for (var index = 0; index < replaced.Length; index += 2)
        {
            Assert.Contains(replaced[index], code, StringComparison.Ordinal);
            code = code.Replace(replaced[index], replaced[index + 1], StringComparison.Ordinal);
        }

        return code;
    }
}
