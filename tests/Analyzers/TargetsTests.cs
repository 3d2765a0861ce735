namespace GopherFlow.Analyzers.Tests;

/// <summary>The generated targets of a class, and the transitions read from its code.</summary>
public sealed class TargetsTests
{
    private const string Orders = """
        namespace Shop;

        public sealed record Order(string Customer, decimal Total);

        public sealed class OrderData
        {
            public required string Customer { get; init; }
            public decimal Total { get; set; }
            public bool Approved { get; set; }
        }

        public sealed record Decision(bool Approved);

        public sealed record Receipt(string Number);

        [Workflow("Orders")]
        public sealed partial class Orders : Workflow<Order, OrderData, Receipt>
        {
            [Error]
            private const string Rejected = "Rejected by a person";

            protected override OrderData Begin(Order order) => new() { Customer = order.Customer, Total = order.Total };

            [Start]
            public NextState Review() => Data.Total > 1000 ? To.Approval.OrAfter(To.Rejected, days: 3) : To.Ship.After(days: 1);

            [Manual]
            public NextState OnApproval(Decision decision) => decision.Approved ? To.Ship : To.Rejected;

            [State]
            public NextState Ship() => To.Done;

            [End]
            public Receipt Done() => new("1");
        }
        """;

    [Fact]
    public async Task A_typed_class_compiles_without_repeating_state_names() =>
        Assert.Empty(await Compiled.DiagnosticsOfAsync(Orders));

    [Fact]
    public void Transitions_are_read_from_the_code_in_order() =>
        Assert.Equal(
            [
                "Review -> Approval, Rejected by a person, Ship",
                "Approval -> Ship, Rejected by a person",
                "Ship -> Done",
            ],
            Compiled.EdgesOf(Orders)
        );

    [Fact]
    public void A_manual_state_with_a_record_parameter_has_its_signal()
    {
        var definition = Compiled.DefinitionOf(Orders);

        Assert.True(definition.TryFind("Approval", out var approval));
        Assert.Equal(("Decision", "Decision"), (approval.Signal?.Name, approval.Signal?.Payload?.Type.Name));
        Assert.Equal(("Order", "Receipt"), (definition.InputContract?.Type.Name, definition.OutputContract?.Type.Name));
    }

    [Fact]
    public async Task A_misspelt_target_does_not_compile() =>
        Assert.Equal(
            ["CS0117 25: Aproval"],
            await Compiled.DiagnosticsOfAsync(
                Orders.Replace("To.Approval.Or", "To.Aproval.Or", StringComparison.Ordinal)
            )
        );

    [Fact]
    public async Task An_unknown_member_of_the_data_does_not_compile() =>
        Assert.Equal(
            ["CS1061 25: Totl"],
            await Compiled.DiagnosticsOfAsync(Orders.Replace("Data.Total >", "Data.Totl >", StringComparison.Ordinal))
        );

    [Fact]
    public async Task Missing_required_data_does_not_compile() =>
        Assert.Equal(
            ["CS9035 22: new"],
            await Compiled.DiagnosticsOfAsync(
                Orders.Replace("{ Customer = order.Customer, Total", "{ Total", StringComparison.Ordinal)
            )
        );

    [Fact]
    public void Targets_are_read_through_members_of_the_class() =>
        Assert.Equal(
            ["First -> Second, Done, Bad, First", "Second -> Bad, Done"],
            Compiled.EdgesOf(
                """
                public partial class Flow : Workflow
                {
                    [Start]
                    public async Task<NextState> First()
                    {
                        await Task.Yield();
                        Func<NextState> later = () => To.Second;
                        return Variables.Contains("x") ? this.Ended(true) : Variables.Contains("y") ? Refused : First2(later);
                    }

                    [State]
                    public NextState Second() => Refused ?? Ended(false);

                    private NextState Refused => To.Bad;

                    private NextState Ended(bool deep) => deep ? Ended(false) : To.Done;

                    private static NextState First2(Func<NextState> later) => later() ?? To.First;

                    private NextState Unused() => To.Second;

                    [End]
                    public const string Done = "Done";

                    [Error]
                    public const string Bad = "Bad";
                }
                """
            )
        );

    [Fact]
    public void Target_names_passed_as_strings_are_read() =>
        Assert.Equal(
            ["First -> Late, Second", "Second -> Late, Done, First"],
            Compiled.EdgesOf(
                """
                public partial class Flow : Workflow
                {
                    [Start]
                    public NextState First() => WaitFor("paid").OrAfter(TimeSpan.FromDays(1), Late).Then(nameof(Second));

                    [State]
                    public NextState Second() =>
                        Variables.Contains("x")
                            ? NextState.GoTo(Variables.Contains("y") ? Flow.Late : "Done")
                            : GoTo(nameof(First)).WhenChildrenFinished().OrAt(default, "Late");

                    [End]
                    public const string Done = "Done";

                    [Error]
                    public const string Late = "Late";
                }
                """
            )
        );

    [Fact]
    public void Declared_targets_take_precedence() =>
        Assert.Equal(
            ["First -> Done, Bad"],
            Compiled.EdgesOf(
                """
                public partial class Flow : Workflow
                {
                    [Start, GoesTo(Done, Bad)]
                    public NextState First() => To.Done;

                    [End]
                    public const string Done = "Done";

                    [Error]
                    public const string Bad = "Bad";
                }
                """
            )
        );

    [Fact]
    public void A_class_inherits_states_and_can_have_several_parts() =>
        Assert.Equal(
            ["First -> Own, Done", "Own -> Done"],
            Compiled.EdgesOf(
                """
                namespace Deep.Down;

                public abstract partial class Common : Workflow
                {
                    [Start]
                    public NextState First() => Next() ?? To.Done;

                    protected abstract NextState? Next();

                    [End]
                    public const string Done = "Done";
                }
                """,
                """
                namespace Deep.Down;

                public static partial class Around
                {
                    public sealed partial class Flow : Common
                    {
                        protected override NextState? Next() => To.Own;
                    }

                    public sealed partial class Flow
                    {
                        [State]
                        public NextState Own() => To.Done;
                    }
                }
                """
            )
        );
}
