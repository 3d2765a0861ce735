namespace GopherFlow.Rules;

/// <summary>An ordered list of signal names, which may contain duplicates. Compared by value.</summary>
public sealed class SignalNames : IEquatable<SignalNames>
{
    /// <summary>The separator in the stored text. Names cannot contain it.</summary>
    internal const char Separator = '\n';

    private readonly string text;

    private SignalNames(string text) => this.text = text;

    /// <summary>Creates a list of at least one name.</summary>
    public static SignalNames Of(IEnumerable<string> names) => new(string.Join(Separator, names));

    /// <summary>Parses the output of <see cref="ToString"/>. Null returns null.</summary>
    public static SignalNames? Parse(string? text) => text is null ? null : new(text);

    /// <summary>The names.</summary>
    public IReadOnlyList<string> All => text.Split(Separator);

    /// <inheritdoc/>
    public bool Equals(SignalNames? other) => text == other?.text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SignalNames);

    /// <inheritdoc/>
    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The names, one per line.</summary>
    public override string ToString() => text;
}

/// <summary>Extension methods for lists of signal names that may be null.</summary>
internal static class SignalNamesExtensions
{
    /// <summary>The names with one more at the end.</summary>
    public static SignalNames With(this SignalNames? names, string name) =>
        names is null ? SignalNames.Of([name]) : SignalNames.Of([.. names.All, name]);

    /// <summary>The names without the first occurrence of a name; null if none is left.</summary>
    public static SignalNames? Without(this SignalNames? names, string name)
    {
        var left = names?.All.ToList() ?? [];
        left.Remove(name);
        return left.Count == 0 ? null : SignalNames.Of(left);
    }

    /// <summary>The number of names; 0 for null.</summary>
    public static int Count(this SignalNames? names) => names?.All.Count ?? 0;

    /// <summary>Whether any name is in both lists.</summary>
    public static bool Meet(this SignalNames? names, SignalNames? others) =>
        names is not null && others is not null && names.All.Intersect(others.All, StringComparer.Ordinal).Any();
}
