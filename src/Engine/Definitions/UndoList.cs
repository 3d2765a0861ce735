using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>
/// The completed steps of a workflow that can be undone. Stored as a variable, so it is committed together with the step.
/// </summary>
/// <param name="Done">The steps that are done and not undone, oldest first.</param>
/// <param name="Then">The state to go to when everything is undone; null while nothing is being undone.</param>
internal sealed record UndoList(IReadOnlyList<DoneStep> Done, string? Then = null)
{
    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>An empty list.</summary>
    public static UndoList Empty { get; } = new([]);

    /// <summary>Reads the list from the variables of a workflow.</summary>
    /// <exception cref="NotRetryableException">The variable has been overwritten with something else.</exception>
    public static UndoList In(Variables variables)
    {
        try
        {
            return
                variables.TryGet<UndoList>(Variables.UndoList, Serialization, out var list)
                && list.Done is { } done
                && done.All(step => step is { State: not null })
                ? list
                : Empty;
        }
        catch (VariableException unreadable)
        {
            throw new NotRetryableException(unreadable.Message, unreadable);
        }
    }

    /// <summary>Writes the list to the variables. An empty list is removed.</summary>
    public void WriteTo(Variables variables)
    {
        if (Done.Count > 0)
        {
            variables.Set(Variables.UndoList, this, Serialization);
        }
        else
        {
            variables.Remove(Variables.UndoList);
        }
    }

    /// <summary>A copy with one more completed step.</summary>
    public UndoList With(DoneStep step) => this with { Done = [.. Done, step] };
}

/// <summary>A completed step that can be undone.</summary>
/// <param name="State">The state of the step.</param>
/// <param name="Step">How many steps of the workflow were committed before it.</param>
internal sealed record DoneStep(string State, int Step);
