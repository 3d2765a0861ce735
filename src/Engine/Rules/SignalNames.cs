namespace GopherFlow.Rules;

/// <summary>Names of signals, in order; one may be there several times. Compared by value.</summary>
public sealed class SignalNames : IEquatable<SignalNames>
{
    /// <summary>No name has it: the names are stored as one text.</summary>
    internal const char Separator = '\n';

    private readonly string text;

    private SignalNames(string text) => this.text = text;

    /// <summary>Some names; at least one.</summary>
    public static SignalNames Of(IEnumerable<string> names) => new(string.Join(Separator, names));

    /// <summary>Reads what <see cref="ToString"/> gave; null gives null.</summary>
    public static SignalNames? Parse(string? text) => text is null ? null : new(text);

    /// <summary>The names.</summary>
    public IReadOnlyList<string> All => text.Split(Separator);

    /// <inheritdoc/>
    public bool Equals(SignalNames? other) => text == other?.text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SignalNames);

    /// <inheritdoc/>
    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The names, a line each.</summary>
    public override string ToString() => text;
}

/// <summary>What is asked of names that may be none.</summary>
internal static class SignalNamesExtensions
{
    /// <summary>These and one more.</summary>
    public static SignalNames With(this SignalNames? names, string name) =>
        names is null ? SignalNames.Of([name]) : SignalNames.Of([.. names.All, name]);

    /// <summary>These without one of that name; null when none is left.</summary>
    public static SignalNames? Without(this SignalNames? names, string name)
    {
        var left = names?.All.ToList() ?? [];
        left.Remove(name);
        return left.Count == 0 ? null : SignalNames.Of(left);
    }

    /// <summary>How many there are.</summary>
    public static int Count(this SignalNames? names) => names?.All.Count ?? 0;

    /// <summary>Whether there is a name in both.</summary>
    public static bool Meet(this SignalNames? names, SignalNames? others) =>
        names is not null && others is not null && names.All.Intersect(others.All, StringComparer.Ordinal).Any();
}
