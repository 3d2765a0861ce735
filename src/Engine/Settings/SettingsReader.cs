using System.Globalization;
using System.Text.RegularExpressions;

namespace GopherFlow.Settings;

/// <summary>Settings are invalid. The message lists all of them.</summary>
public sealed class InvalidSettingsException : SetupException
{
    /// <summary>Creates the exception from a list of errors.</summary>
    public InvalidSettingsException(IReadOnlyList<string> faults)
        : base("settings", faults) { }
}

/// <summary>
/// Reads settings by name and collects all errors, so they can be reported together by <see cref="ThrowIfFaulty"/>. An empty value counts
/// as not set. For an invalid setting, the default is returned.
/// </summary>
/// <param name="read">Returns the value of a setting, or null.</param>
public sealed partial class SettingsReader(Func<string, string?> read)
{
    private static readonly Dictionary<string, bool> Switches = new() { ["true"] = true, ["false"] = false };

    private readonly List<string> faults = [];
    private readonly Dictionary<string, string?> asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The errors so far, one sentence each.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>The names that have been read so far, whether they are set or not.</summary>
    public IReadOnlyCollection<string> Asked => asked.Keys;

    /// <summary>The names that have been read so far, each with its default, or null if it has none.</summary>
    public IReadOnlyDictionary<string, string?> Defaults => asked;

    /// <summary>Reads a text.</summary>
    public string Text(string name, string fallback) => Value(name, fallback) ?? fallback;

    /// <summary>Reads a text without a default. Returns null if it is not set.</summary>
    public string? OptionalText(string name) => Value(name, null);

    /// <summary>Reads a whole number within inclusive bounds.</summary>
    public int WholeNumber(string name, int fallback, int least, int most)
    {
        if (Value(name, fallback.ToString(CultureInfo.InvariantCulture)) is not { } value)
        {
            return fallback;
        }

        if (
            int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
        )
        {
            return number;
        }

        return Fault(name, value, $"a whole number from {least} to {most}", fallback);
    }

    /// <summary>
    /// Reads a duration within inclusive bounds, such as <c>500ms</c>, <c>3s</c>, <c>1m30s</c> or <c>2h</c>. The notation is that of the Go
    /// system, with <c>d</c> for days.
    /// </summary>
    public TimeSpan Duration(string name, TimeSpan fallback, TimeSpan least, TimeSpan most)
    {
        if (Value(name, Text(fallback)) is not { } value)
        {
            return fallback;
        }

        return TryParseDuration(value, out var duration) && duration >= least && duration <= most
            ? duration
            : Fault(
                name,
                value,
                $"a duration from {Text(least)} to {Text(most)}, such as 3s, 500ms or 1m30s",
                fallback
            );
    }

    /// <summary>Reads one of several words, without regard to case.</summary>
    public T Choice<T>(string name, T fallback, IReadOnlyDictionary<string, T> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var usual = choices.FirstOrDefault(choice => Equals(choice.Value, fallback)).Key;
        if (Value(name, usual) is not { } value)
        {
            return fallback;
        }

        foreach (var (word, meaning) in choices)
        {
            if (string.Equals(word, value, StringComparison.OrdinalIgnoreCase))
            {
                return meaning;
            }
        }

        return Fault(name, value, $"one of {string.Join(", ", choices.Keys)}", fallback);
    }

    /// <summary>Reads <c>true</c> or <c>false</c>, without regard to case.</summary>
    public bool Switch(string name, bool fallback) => Choice(name, fallback, Switches);

    /// <summary>Reads a list of words separated by commas. At least one is required; duplicates are removed.</summary>
    public IReadOnlyList<string> List(string name, IReadOnlyList<string> fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        if (Value(name, string.Join(',', fallback)) is not { } value)
        {
            return fallback;
        }

        string[] items =
        [
            .. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(),
        ];
        return items.Length > 0 ? items : Fault(name, value, "one word or several, separated by commas", fallback);
    }

    /// <summary>Adds an error that the caller found, and returns the fallback.</summary>
    public T Fault<T>(string name, string? value, string expected, T fallback)
    {
        faults.Add(
            value is null ? $"{name} is not set; expected {expected}." : $"{name} is '{value}'; expected {expected}."
        );
        return fallback;
    }

    /// <summary>Adds an error of a setting whose value must not be shown.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <param name="fault">The error, as the predicate of a sentence, without the value.</param>
    public void SecretFault(string name, string fault) => faults.Add($"{name} {fault}.");

    /// <summary>Throws if there are errors.</summary>
    /// <exception cref="InvalidSettingsException">Settings are invalid. The message lists all errors.</exception>
    public void ThrowIfFaulty()
    {
        if (faults.Count > 0)
        {
            throw new InvalidSettingsException(faults);
        }
    }

    private string? Value(string name, string? fallback)
    {
        asked[name] = fallback;
        return read(name) is { Length: > 0 } value ? value.Trim() : null;
    }

    private static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var parts = DurationParts().Match(text);
        if (!parts.Success)
        {
            return false;
        }

        foreach (var (number, unit) in parts.Groups["number"].Captures.Zip(parts.Groups["unit"].Captures))
        {
            var amount = double.Parse(number.ValueSpan, CultureInfo.InvariantCulture);
            var each = unit.Value switch
            {
                "ms" => TimeSpan.FromMilliseconds(1),
                "s" => TimeSpan.FromSeconds(1),
                "m" => TimeSpan.FromMinutes(1),
                "h" => TimeSpan.FromHours(1),
                _ => TimeSpan.FromDays(1),
            };
            if (amount * each.TotalDays > TimeSpan.MaxValue.TotalDays / 2)
            {
                return false;
            }

            duration += each * amount;
        }

        return true;
    }

    private static string Text(TimeSpan duration) =>
        duration.TotalSeconds < 1 ? $"{duration.TotalMilliseconds:0}ms"
        : duration.TotalSeconds % 3600 == 0 ? $"{duration.TotalHours:0}h"
        : duration.TotalSeconds % 60 == 0 ? $"{duration.TotalMinutes:0}m"
        : $"{duration.TotalSeconds:0}s";

    [GeneratedRegex(@"^(?:(?<number>\d{1,9}(?:\.\d{1,6})?)(?<unit>ms|s|m|h|d))+$")]
    private static partial Regex DurationParts();
}
