using System.Text.Json.Nodes;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>Runs a state's method on an instance that is made for the step.</summary>
internal delegate ValueTask<NextState> StateMethod(Workflow workflow, StepContext step);

/// <summary>Runs the method of a final state on the instance of the step that goes there.</summary>
internal delegate ValueTask<IOutput> ResultMethod(Workflow workflow, StepContext step);

/// <summary>
/// What a class declares beyond its states: which states give the result, and how its data is read. All state functions share it.
/// </summary>
internal sealed class ClassMethods(bool hasData)
{
    /// <summary>The methods that make the result, by the name of the final state.</summary>
    public Dictionary<string, ResultMethod> Results { get; } = new(StringComparer.Ordinal);

    /// <summary>Which states undo which; null when none is ever undone.</summary>
    public Compensations? Compensations { get; set; }

    /// <summary>How data and payloads are read.</summary>
    public StrictJson Json { get; } = new();

    /// <summary>Whether nothing is to be done beside the methods of the states.</summary>
    public bool IsPlain => !hasData && Results.Count == 0;

    /// <summary>Runs a state's method, with the data before it and what follows from its target after it.</summary>
    /// <param name="method">The method of the state.</param>
    /// <param name="workflow">The instance of the step.</param>
    /// <param name="step">The step.</param>
    public async ValueTask<NextState> RunAsync(StateMethod method, Workflow workflow, StepContext step)
    {
        workflow.ReadData(Json);
        var next = await method(workflow, step);
        if (next is null)
        {
            return null!;
        }

        next = Compensations?.Settle(next, step) ?? next;
        if (next.Output is null && Results.TryGetValue(next.Target, out var result))
        {
            next = next.WithOutput(await result(workflow, step));
        }

        workflow.WriteData(Json);
        return next;
    }

    /// <summary>The payload of the signal that a state has waited for.</summary>
    public T PayloadOf<T>(StepContext step) =>
        Json.Read<T>(
            JsonNode.Parse(step.Signal!.Json),
            step.Signal.Serialization,
            $"The payload of signal '{step.Signal.Name}'"
        );
}
