using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Operations;

namespace GopherFlow.Bench.Runs;

/// <summary>
/// A workflow with one slow step, limited to a number of concurrent steps in total and one per key, and the same workflow without limits.
/// </summary>
internal static class LimitedStep
{
    public const string Name = "Limited";
    public const string UnlimitedName = "Unlimited";
    public const int AtOnce = 50;
    public const int Keys = 1000;

    private const string Hold = "hold";

    public static WorkflowDefinition Definition { get; } =
        WithStep(
            WorkflowDefinitionBuilder
                .Named(Name)
                .Description("One step, of which only so many run at once")
                .Concurrency(AtOnce)
                .Concurrency(1, perKey: true)
        );

    public static WorkflowDefinition UnlimitedDefinition { get; } =
        WithStep(WorkflowDefinitionBuilder.Named(UnlimitedName).Description("One step"));

    private static WorkflowDefinition WithStep(WorkflowDefinitionBuilder builder) =>
        builder
            .Start(
                "Work",
                static async step =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(step.Variables.Get<int>(Hold)), step.Cancellation);
                    return NextState.GoTo("Done");
                },
                goesTo: ["Done"]
            )
            .End("Done")
            .Build();

    public static CreateWorkflow NewWorkflow(string prefix, int number, int hold, string type = Name)
    {
        var variables = new Variables();
        variables.Set(Hold, hold);
        return new CreateWorkflow
        {
            ExternalId = $"{prefix}-{number}",
            WorkflowType = type,
            BusinessKey = $"key-{number % Keys}",
            StateVars = variables,
        };
    }
}
