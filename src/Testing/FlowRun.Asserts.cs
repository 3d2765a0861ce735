using System.Text.Json.Nodes;
using GopherFlow.Authoring;
using GopherFlow.Testing.Running;

namespace GopherFlow.Testing;

/// <content>What is asserted of it. Each method gives the run back, for chaining.</content>
public sealed partial class FlowRun
{
    /// <summary>Asserts the state in which it is.</summary>
    /// <exception cref="FlowTestException">It is in another.</exception>
    public FlowRun AssertState(string state) =>
        State == state ? this : throw Fault($"to be in '{state}'", RunText.Standing(Record));

    /// <summary>Asserts its status.</summary>
    /// <exception cref="FlowTestException">It has another.</exception>
    public FlowRun AssertStatus(WorkflowStatus status) =>
        Status == status ? this : throw Fault($"to be {status.ToName()}", RunText.Standing(Record));

    /// <summary>Asserts all states in which it has been, in order, the current one last.</summary>
    /// <exception cref="FlowTestException">It went another way.</exception>
    public FlowRun AssertPath(params string[] states)
    {
        ArgumentNullException.ThrowIfNull(states);
        var path = Path;
        return path.SequenceEqual(states)
            ? this
            : throw Fault($"the path {string.Join(" -> ", states)}", $"it went {string.Join(" -> ", path)}");
    }

    /// <summary>Asserts a variable, compared as JSON; null expects that it is null or not there.</summary>
    /// <exception cref="FlowTestException">It is something else.</exception>
    public FlowRun AssertVariable(string name, object? expected)
    {
        var found = engine.Json.ObjectOf(Variables)[name];
        var wanted = engine.Json.NodeOf(expected);
        return JsonNode.DeepEquals(found, wanted)
            ? this
            : throw Fault($"the variable '{name}' to be {FlowJson.Shown(wanted)}", $"it is {FlowJson.Shown(found)}");
    }

    /// <summary>Asserts all of its variables, compared as JSON.</summary>
    /// <exception cref="FlowTestException">Any of them is different.</exception>
    public FlowRun AssertData(object expected)
    {
        var wanted = engine.Json.ObjectOf(expected);
        var differences = FlowJson.Differences(wanted, engine.Json.ObjectOf(Variables));
        return differences.Count == 0
            ? this
            : throw Fault($"the variables {FlowJson.Shown(wanted)}", string.Join("; ", differences));
    }

    /// <summary>Asserts its result, compared as JSON; null expects that there is none.</summary>
    /// <exception cref="FlowTestException">It is something else.</exception>
    public FlowRun AssertResult(object? expected)
    {
        var found = Record.Output is { } output ? JsonNode.Parse(output) : null;
        var wanted = engine.Json.NodeOf(expected);
        return JsonNode.DeepEquals(found, wanted)
            ? this
            : throw Fault($"the result {FlowJson.Shown(wanted)}", $"it is {FlowJson.Shown(found)}");
    }
}
