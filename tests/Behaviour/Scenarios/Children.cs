namespace GopherFlow.Behaviour;

/// <summary>The C# children of the scenarios. Their scripts have the same names.</summary>
internal static class Children
{
    /// <summary>Ends at once.</summary>
    public const string Quick = "QuickChild";

    /// <summary>Waits at the gate named by its business key, goes to the state given by the answer, and wakes its parent.</summary>
    public const string Gated = "GatedChild";

    public static GopherFlowRegistration AddQuickChild(this GopherFlowRegistration flow) =>
        flow.AddDefinition(
            WorkflowDefinitionBuilder.Named(Quick).Start("Work", _ => GoTo("Done"), ["Done"]).End("Done").Build()
        );

    public static GopherFlowRegistration AddGatedChild(this GopherFlowRegistration flow) =>
        flow.AddWorkflow<GatedChild>();

    [Workflow(Gated)]
    private sealed class GatedChild(Gates gates) : Workflow
    {
        [Error]
        public const string Bad = "Bad";

        [End]
        public const string Done = "Done";

        [Start, GoesTo(Bad, Done)]
        public async Task<NextState> Work() => GoTo(await gates.PassAsync(Step.BusinessKey)).WakeParent();
    }
}
