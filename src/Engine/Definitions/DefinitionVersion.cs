using System.Security.Cryptography;
using System.Text;

namespace GopherFlow.Definitions;

/// <summary>The version of a definition for which its author set none.</summary>
internal static class DefinitionVersion
{
    private const int Digits = 8;

    /// <summary>
    /// The first digits of a hash over names, types, transitions, awaited signals, compensations and the states for a cancel and a failure: two
    /// machines of the same shape have the same version, whatever their functions, descriptions or retries are.
    /// </summary>
    public static string FromShape(WorkflowDefinition definition)
    {
        var shape = new StringBuilder();
        foreach (var state in definition.States.OrderBy(state => state.Name, StringComparer.Ordinal))
        {
            shape.Append(state.Name).Append('|').Append(state.Type).Append('|');
            shape.AppendJoin(',', state.GoesTo.Order(StringComparer.Ordinal)).Append('\n');
            if (state.Signal is { } signal)
            {
                shape.Append("signal|").Append(signal.Name).Append('\n');
            }

            if (state.CompensatedBy is { } compensation)
            {
                shape.Append("undo|").Append(compensation).Append('\n');
            }
        }

        if (definition.CancelState is { } cancelState)
        {
            shape.Append("cancel|").Append(cancelState).Append('\n');
        }

        if (definition.FailureState is { } failureState)
        {
            shape.Append("failure|").Append(failureState).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shape.ToString())))[..Digits];
    }
}
