using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Testing.Running;

/// <summary>
/// What a workflow class declares. Reading it compiles its methods, which takes milliseconds; a suite of a thousand tests does it once.
/// </summary>
internal static class KnownClass<TWorkflow>
    where TWorkflow : Workflow
{
    private static readonly Lazy<(WorkflowDefinition, IReadOnlyList<DefinitionFault>)> Read = new(static () =>
    {
        var (definition, faults) = WorkflowClassReader.Read(typeof(TWorkflow));
        return (definition, [.. faults]);
    });

    public static (WorkflowDefinition Definition, IReadOnlyList<DefinitionFault> Faults) Value => Read.Value;
}
