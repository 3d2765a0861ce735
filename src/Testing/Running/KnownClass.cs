using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Testing.Running;

/// <summary>
/// The cached definition of a workflow class. Reading a class compiles its methods, which takes milliseconds, so this happens only once per
/// process.
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
