namespace GopherFlow.Definitions;

/// <summary>What the history of a definition's workflows stores about variables.</summary>
/// <param name="KeepsValues">Whether values are stored. If false, only the names of changed variables are. Default: true.</param>
/// <param name="Secrets">The variables whose values are never stored in the history.</param>
public sealed record VariableTracing(bool KeepsValues, IReadOnlyList<string> Secrets)
{
    /// <summary>All values are stored.</summary>
    public static VariableTracing Default { get; } = new(true, []);

    /// <summary>Whether the history stores the value of a variable.</summary>
    public bool Keeps(string name) => KeepsValues && !Secrets.Contains(name, StringComparer.Ordinal);
}
