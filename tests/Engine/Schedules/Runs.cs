using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;

namespace GopherFlow.Engine.Tests.Schedules;

/// <summary>The workflows started by the schedules of these tests.</summary>
internal static class Runs
{
    /// <summary>A workflow that ends at once, one that takes three seconds, and one that waits for a person.</summary>
    public static GopherFlowRegistration AddRuns(this GopherFlowRegistration registration) =>
        registration.AddDefinition(Ends()).AddDefinition(Lasts()).AddDefinition(Asks());

    private static WorkflowDefinition Ends() =>
        WorkflowDefinitionBuilder
            .Named("Ends")
            .Start("Work", _ => NextState.GoTo("Done"), ["Done"])
            .End("Done")
            .Build();

    private static WorkflowDefinition Lasts() =>
        WorkflowDefinitionBuilder
            .Named("Lasts")
            .Start("Work", _ => NextState.GoTo("Rest").After(TimeSpan.FromSeconds(3)), ["Rest"])
            .State("Rest", _ => NextState.GoTo("Done"), ["Done"])
            .End("Done")
            .Build();

    private static WorkflowDefinition Asks() =>
        WorkflowDefinitionBuilder
            .Named("Asks")
            .Start("Work", _ => NextState.GoTo("Ask"), ["Ask"])
            .Manual("Ask", "Done")
            .End("Done")
            .Build();
}
