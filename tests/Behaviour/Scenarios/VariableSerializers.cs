using System.Text.Json;
using System.Text.Json.Serialization;

namespace GopherFlow.Behaviour;

/// <summary>Enums are written by name; numbers can still be read.</summary>
internal sealed class EnumVariables : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(Machine().Start("Work", Work, ["Done"]).End("Done").Build());

    private static NextState Work(StepContext step)
    {
        step.Variables.Set("next", step.Variables.Get<DayOfWeek>("number") + 1);
        step.Variables.Set("days", new[] { step.Variables.Get<DayOfWeek>("name"), DayOfWeek.Sunday });
        return GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished, """{"number":4,"name":"Monday"}""");

        Assert.Equal("""{"number":4,"name":"Monday","next":"Friday","days":["Monday","Sunday"]}""", done.StateVars);
    }
}

/// <summary>A converter of the application writes and reads the variables of workflows and of their children.</summary>
internal sealed class ConvertedVariables : Scenario
{
    protected override EngineOptions Options =>
        new()
        {
            VariablesJson = new(JsonSerializerDefaults.Web)
            {
                Converters = { new MoneyConverter(), new JsonStringEnumConverter() },
            },
        };

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine().Start("Pay", Pay, ["Done", "Join"]).State("Join", Join, ["Done"]).End("Done").Build()
        );

    private NextState Pay(StepContext step)
    {
        var price = step.Variables.Get<Money>("price");
        if (step.Variables.Get("isChild", false))
        {
            return GoTo("Done");
        }

        step.Variables.Set("paid", new[] { price with { Amount = price.Amount * 2 } });
        return GoTo("Join")
            .Spawn(step.NewChild(Name, "child").With("price", price).With("isChild", true))
            .WhenChildrenFinished();
    }

    private static async Task<NextState> Join(StepContext step)
    {
        var child = (await step.GetChildrenAsync())[0];
        step.Variables.Set("back", child.Variables.Get<Money>("price"));
        return GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished, """{"price":"5.50 EUR"}""");

        Assert.Equal("""{"price":"5.50 EUR","paid":["11.00 EUR"],"back":"5.50 EUR"}""", done.StateVars);
    }
}
