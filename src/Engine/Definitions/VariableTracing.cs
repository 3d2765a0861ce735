namespace GopherFlow.Definitions;

/// <summary>What the history keeps of the variables of a definition's workflows.</summary>
/// <param name="KeepsValues">Whether values are kept; without, only the names of what changed are. Default: true.</param>
/// <param name="Secrets">The variables whose values are never kept in the history.</param>
public sealed record VariableTracing(bool KeepsValues, IReadOnlyList<string> Secrets)
{
    /// <summary>Every value is kept.</summary>
    public static VariableTracing Default { get; } = new(true, []);

    /// <summary>Whether the value of a variable is kept.</summary>
    public bool Keeps(string name) => KeepsValues && !Secrets.Contains(name, StringComparer.Ordinal);
}
