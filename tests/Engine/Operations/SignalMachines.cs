using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Operations;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Definitions that wait for signals or people, and the signal that they wait for.</summary>
internal static class SignalMachines
{
    public static readonly TimeSpan ThreeDays = TimeSpan.FromDays(3);

    public static WorkflowDefinition Order(TimeSpan before = default) =>
        WorkflowDefinitionBuilder
            .Named("Order")
            .Start(
                "Bill",
                _ =>
                    before == default
                        ? NextState.WaitFor("paid").OrAfter(ThreeDays, "Remind").Then("Ship")
                        : NextState.GoTo("Wait").After(before),
                ["Wait", "Ship", "Remind"]
            )
            .State("Wait", _ => NextState.WaitFor("paid").OrAfter(ThreeDays, "Remind").Then("Ship"), ["Ship", "Remind"])
            .State(
                "Ship",
                step =>
                {
                    step.Variables["paid"] = $"{step.Signal!.Get<Payment>().Amount}";
                    return NextState.GoTo("Done");
                },
                ["Done"]
            )
            .Manual("Remind", "Ship")
            .End("Done")
            .Build();

    public static WorkflowDefinition Approval() =>
        WorkflowDefinitionBuilder
            .Named("Approval")
            .Start("Begin", _ => NextState.GoTo("Ask").OrAfter(ThreeDays, "Escalated"), ["Ask"])
            .Manual("Ask", "Approved", "Escalated")
            .End("Approved")
            .End("Escalated")
            .Build();

    public static SendSignal Paid(long id, int amount) =>
        new()
        {
            WorkflowId = id,
            Name = "paid",
            Payload = $$"""{"amount":{{amount}}}""",
            Actor = "ann",
        };

    public sealed record Payment(int Amount);
}
