using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;

namespace GopherFlow.Demo.Tests;

/// <summary>The C# demos have the states, transitions, descriptions and retry policies of the Go demos.</summary>
public class DefinitionTests
{
    private static readonly DefinitionRegistry Demos = BuildDemos();

    [Theory]
    [InlineData(
        "DemoWorkflow",
        "Init(Start)>Review Review(Normal)>Approve,ApproveError Approve(Normal)>Finish ApproveError(Error) Finish(End)"
    )]
    [InlineData("GetIpWorkflow", "Init(Start)>StateGetIpData StateGetIpData(Normal)>Finish Finish(End)")]
    [InlineData(
        "DemoParentWorkflow",
        "ParentInit(Start)>ParentSpawnChildren ParentSpawnChildren(Normal)>ParentWaitForChildren "
            + "ParentWaitForChildren(Normal)>ParentFinish,ParentWaitForChildren ParentFinish(End)"
    )]
    [InlineData(
        "DemoChildWorkflow",
        "ChildInit(Start)>ChildProcessing ChildProcessing(Normal)>ChildWakeParent ChildWakeParent(Normal)>ChildFinish ChildFinish(End)"
    )]
    public void The_states_and_transitions_are_those_of_the_Go_demo(string name, string machine) =>
        Assert.Equal(machine, string.Join(' ', Definition(name).States.Select(Describe)));

    [Theory]
    [InlineData("DemoWorkflow", "This is a Demo Workflow showing how it can be used", 10, 10, 3600)]
    [InlineData("GetIpWorkflow", "This is a Demo Workflow showing how it can be used", 10, 10, 3600)]
    [InlineData("DemoParentWorkflow", "Demo parent workflow that spawns and coordinates child workflows", 3, 1, 5)]
    [InlineData("DemoChildWorkflow", "Demo child workflow that performs a task and wakes its parent", 3, 1, 5)]
    public void The_description_and_retry_policy_are_those_of_the_Go_demo(
        string name,
        string description,
        int retries,
        int minSeconds,
        int maxSeconds
    )
    {
        var definition = Definition(name);
        Assert.Equal(description, definition.Description);
        Assert.Equal(
            RetryPolicy.Linear(retries, TimeSpan.FromSeconds(minSeconds), TimeSpan.FromSeconds(maxSeconds)),
            definition.Retry
        );
    }

    private static string Describe(StateDefinition state) =>
        $"{state.Name}({state.Type}){(state.GoesTo.Count == 0 ? "" : ">" + string.Join(',', state.GoesTo))}";

    private static WorkflowDefinition Definition(string name) =>
        Demos.All.Single(definition => definition.Name == name);

    private static DefinitionRegistry BuildDemos()
    {
        var registration = new GopherFlowRegistration();
        DemoEngine.AddDemos(registration);
        return registration.Build();
    }
}
