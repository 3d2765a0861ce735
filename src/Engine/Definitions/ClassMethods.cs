using System.Text.Json.Nodes;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>Runs the method of a state on an instance created for the step.</summary>
internal delegate ValueTask<NextState> StateMethod(Workflow workflow, StepContext step);

/// <summary>Runs the method of a final state on the instance of the step that goes to it.</summary>
internal delegate ValueTask<IOutput> ResultMethod(Workflow workflow, StepContext step);

/// <summary>
/// What a class declares in addition to its states: the methods that return the result, and how its data is read. Shared by all state
/// functions of the class.
/// </summary>
internal sealed class ClassMethods(bool hasData)
{
    /// <summary>The methods that return the result, by the name of the final state.</summary>
    public Dictionary<string, ResultMethod> Results { get; } = new(StringComparer.Ordinal);

    /// <summary>The compensations of the class, or null if it has none.</summary>
    public Compensations? Compensations { get; set; }

    /// <summary>Deserializes data and payloads.</summary>
    public StrictJson Json { get; } = new();

    /// <summary>Whether the class has neither data nor result methods, so its state methods can be called directly.</summary>
    public bool IsPlain => !hasData && Results.Count == 0;

    /// <summary>Reads the data, runs the method of a state, creates the result if the target is final, and writes the data.</summary>
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

    /// <summary>Deserializes the payload of the signal that the state was waiting for.</summary>
    public T PayloadOf<T>(StepContext step) =>
        Json.Read<T>(
            JsonNode.Parse(step.Signal!.Json),
            step.Signal.Serialization,
            $"The payload of signal '{step.Signal.Name}'"
        );
}
