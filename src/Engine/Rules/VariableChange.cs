using GopherFlow.Definitions;

namespace GopherFlow.Rules;

/// <summary>A variable to set or to remove.</summary>
/// <param name="Key">Its name.</param>
/// <param name="JsonValue">Its new value, as JSON text; null removes it.</param>
public sealed record VariableChange(string Key, string? JsonValue)
{
    /// <summary>When not null: nothing is changed unless the variable is as expected.</summary>
    public VariableExpectation? Expected { get; init; }
}

/// <summary>What a variable is expected to be before it is changed.</summary>
/// <param name="JsonValue">Its value, as JSON text, compared by meaning and not by spelling; null expects that there is none.</param>
public sealed record VariableExpectation(string? JsonValue);

/// <summary>Changes of variables that take effect together.</summary>
/// <param name="Items">The changes, in order.</param>
/// <param name="LimitBytes">How many bytes the variables may have afterwards. Default: no limit.</param>
public sealed record VariableChanges(IReadOnlyList<VariableChange> Items, int LimitBytes = int.MaxValue)
{
    /// <summary>What the history keeps of the values.</summary>
    public VariableTracing Tracing { get; init; } = VariableTracing.Default;

    /// <summary>No change.</summary>
    public static VariableChanges None { get; } = new([]);

    /// <summary>What the history says of them.</summary>
    internal string? Trace() => VariableTrace.Of(Items.Select(change => (change.Key, change.JsonValue)), Tracing);
}
