using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>What a workflow has done that can be undone. It is one of the variables, so a step is written with it or not at all.</summary>
/// <param name="Done">The steps that were done and are not undone, oldest first.</param>
/// <param name="Then">Where the workflow goes when all is undone; null while nothing is being undone.</param>
internal sealed record UndoList(IReadOnlyList<DoneStep> Done, string? Then = null)
{
    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Nothing is to be undone.</summary>
    public static UndoList Empty { get; } = new([]);

    /// <summary>The list of a workflow.</summary>
    /// <exception cref="NotRetryableException">Somebody has written something else in its place.</exception>
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

    /// <summary>Puts the list among the variables; an empty one is not kept.</summary>
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

    /// <summary>The list with one more step that was done.</summary>
    public UndoList With(DoneStep step) => this with { Done = [.. Done, step] };
}

/// <summary>A step that was done and can be undone.</summary>
/// <param name="State">Its state.</param>
/// <param name="Step">How many steps of the workflow were committed before it.</param>
internal sealed record DoneStep(string State, int Step);
