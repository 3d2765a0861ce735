using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Small machines that the tests are made of.</summary>
internal static class Machines
{
    /// <summary>The version of all of them, so that a test can put workflows into a store for them to run.</summary>
    public const string Version = "1";

    /// <summary>One state that runs, then the end.</summary>
    public static WorkflowDefinition OneState(
        string name,
        Func<StepContext, Task<NextState>> function,
        RetryPolicy? retry = null,
        TimeSpan? timeout = null
    ) =>
        WorkflowDefinitionBuilder
            .Named(name)
            .Version(Version)
            .Retry(retry ?? RetryPolicy.None)
            .Start("Work", function, goesTo: ["Work", "Done", "Ask", "Bad"], timeout: timeout)
            .Manual("Ask", "Work", "Done")
            .Error("Bad")
            .End("Done")
            .Build();

    /// <summary>One state that runs and has nothing to wait for, then the end.</summary>
    public static WorkflowDefinition OneState(
        string name,
        Func<StepContext, NextState> function,
        RetryPolicy? retry = null
    ) => OneState(name, step => Task.FromResult(function(step)), retry);

    /// <summary>Two states that run, then the end.</summary>
    public static WorkflowDefinition TwoStates(
        string name,
        Func<StepContext, Task<NextState>> first,
        Func<StepContext, Task<NextState>> second,
        RetryPolicy? retry = null
    ) =>
        WorkflowDefinitionBuilder
            .Named(name)
            .Version(Version)
            .Retry(retry ?? RetryPolicy.None)
            .Start("First", first, goesTo: ["Second"])
            .State("Second", second, goesTo: ["Second", "Done"])
            .End("Done")
            .Build();

    /// <summary>Goes to the end at once.</summary>
    public static WorkflowDefinition Trivial(string name) => OneState(name, _ => NextState.GoTo("Done"));
}
