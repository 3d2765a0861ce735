using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Hosting;

/// <summary>Collects the workflows of an application. Faults are told together when the host starts.</summary>
public sealed class GopherFlowRegistration
{
    private readonly List<WorkflowDefinition> definitions = [];
    private readonly List<DefinitionFault> faults = [];

    /// <summary>Adds a workflow class.</summary>
    public GopherFlowRegistration AddWorkflow<TWorkflow>()
        where TWorkflow : Workflow
    {
        var (definition, found) = WorkflowClassReader.Read(typeof(TWorkflow));
        definitions.Add(definition);
        faults.AddRange(found);
        return this;
    }

    /// <summary>Adds a definition made in code.</summary>
    public GopherFlowRegistration AddDefinition(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        definitions.Add(definition);
        return this;
    }

    /// <summary>Checks everything that was added.</summary>
    /// <exception cref="InvalidDefinitionException">There is any fault; the exception lists all of them.</exception>
    public DefinitionRegistry Build() => DefinitionRegistry.Of(definitions, faults);
}
