using GopherFlow.Definitions;

namespace GopherFlow.Rules;

/// <summary>A variable to set or to remove.</summary>
/// <param name="Key">Its name.</param>
/// <param name="JsonValue">Its new value, as JSON text; null removes it.</param>
public sealed record VariableChange(string Key, string? JsonValue)
{
    /// <summary>If not null, nothing is changed unless the variable has this value.</summary>
    public VariableExpectation? Expected { get; init; }
}

/// <summary>The expected value of a variable before it is changed.</summary>
/// <param name="JsonValue">
/// The value as JSON text, compared by meaning, not by spelling. Null expects that the variable does not exist.
/// </param>
public sealed record VariableExpectation(string? JsonValue);

/// <summary>Changes of variables that take effect together.</summary>
/// <param name="Items">The changes, in order.</param>
/// <param name="LimitBytes">The maximum size of all variables after the change, in bytes. Default: no limit.</param>
public sealed record VariableChanges(IReadOnlyList<VariableChange> Items, int LimitBytes = int.MaxValue)
{
    /// <summary>What the history stores about the values.</summary>
    public VariableTracing Tracing { get; init; } = VariableTracing.Default;

    /// <summary>No changes.</summary>
    public static VariableChanges None { get; } = new([]);

    /// <summary>The changes as recorded in the history.</summary>
    internal string? Trace() => VariableTrace.Of(Items.Select(change => (change.Key, change.JsonValue)), Tracing);
}
