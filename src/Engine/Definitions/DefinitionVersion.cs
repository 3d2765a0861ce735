using System.Security.Cryptography;
using System.Text;

namespace GopherFlow.Definitions;

/// <summary>Derives the version of a definition whose author has set none.</summary>
internal static class DefinitionVersion
{
    private const int Digits = 8;

    /// <summary>
    /// The first 8 hex digits of a hash over state names, types, transitions, awaited signals, compensations, and the clean-up and failure
    /// states. Functions, descriptions and retries do not affect it.
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
