using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Small definitions for tests.</summary>
internal static class Machines
{
    /// <summary>The version of all of them, so that a test can insert workflows into a store directly.</summary>
    public const string Version = "1";

    /// <summary>One state with a function, then the End state.</summary>
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

    /// <summary>One state with a synchronous function, then the End state.</summary>
    public static WorkflowDefinition OneState(
        string name,
        Func<StepContext, NextState> function,
        RetryPolicy? retry = null
    ) => OneState(name, step => Task.FromResult(function(step)), retry);

    /// <summary>Two states with functions, then the End state.</summary>
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

    /// <summary>Goes to the End state at once.</summary>
    public static WorkflowDefinition Trivial(string name) => OneState(name, _ => NextState.GoTo("Done"));
}
