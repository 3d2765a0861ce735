using System.Text.Json.Nodes;
using GopherFlow.Authoring;
using GopherFlow.Testing.Running;

namespace GopherFlow.Testing;

/// <content>Assertions. Each method returns the run, for chaining.</content>
public sealed partial class FlowRun
{
    /// <summary>Asserts the current state.</summary>
    /// <exception cref="FlowTestException">The workflow is in another state.</exception>
    public FlowRun AssertState(string state) =>
        State == state ? this : throw Fault($"to be in '{state}'", RunText.Standing(Record));

    /// <summary>Asserts the status.</summary>
    /// <exception cref="FlowTestException">The workflow has another status.</exception>
    public FlowRun AssertStatus(WorkflowStatus status) =>
        Status == status ? this : throw Fault($"to be {status.ToName()}", RunText.Standing(Record));

    /// <summary>Asserts all states that the workflow has visited, in order, the current one last.</summary>
    /// <exception cref="FlowTestException">The path is different.</exception>
    public FlowRun AssertPath(params string[] states)
    {
        ArgumentNullException.ThrowIfNull(states);
        var path = Path;
        return path.SequenceEqual(states)
            ? this
            : throw Fault($"the path {string.Join(" -> ", states)}", $"it went {string.Join(" -> ", path)}");
    }

    /// <summary>Asserts a variable, compared as JSON. Null expects that the variable is null or does not exist.</summary>
    /// <exception cref="FlowTestException">The value is different.</exception>
    public FlowRun AssertVariable(string name, object? expected)
    {
        var found = engine.Json.ObjectOf(Variables)[name];
        var wanted = engine.Json.NodeOf(expected);
        return JsonNode.DeepEquals(found, wanted)
            ? this
            : throw Fault($"the variable '{name}' to be {FlowJson.Shown(wanted)}", $"it is {FlowJson.Shown(found)}");
    }

    /// <summary>Asserts all variables, compared as JSON.</summary>
    /// <exception cref="FlowTestException">At least one variable is different.</exception>
    public FlowRun AssertData(object expected)
    {
        var wanted = engine.Json.ObjectOf(expected);
        var differences = FlowJson.Differences(wanted, engine.Json.ObjectOf(Variables));
        return differences.Count == 0
            ? this
            : throw Fault($"the variables {FlowJson.Shown(wanted)}", string.Join("; ", differences));
    }

    /// <summary>Asserts the result, compared as JSON. Null expects that there is no result.</summary>
    /// <exception cref="FlowTestException">The result is different.</exception>
    public FlowRun AssertResult(object? expected)
    {
        var found = Record.Output is { } output ? JsonNode.Parse(output) : null;
        var wanted = engine.Json.NodeOf(expected);
        return JsonNode.DeepEquals(found, wanted)
            ? this
            : throw Fault($"the result {FlowJson.Shown(wanted)}", $"it is {FlowJson.Shown(found)}");
    }
}
