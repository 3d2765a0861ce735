using System.Globalization;
using System.Text.RegularExpressions;

namespace GopherFlow.Settings;

/// <summary>Settings that cannot be used. The message lists every one of them.</summary>
public sealed class InvalidSettingsException : SetupException
{
    /// <summary>With the faults found.</summary>
    public InvalidSettingsException(IReadOnlyList<string> faults)
        : base("settings", faults) { }
}

/// <summary>
/// Reads settings by name and collects what is wrong with them, so that all faults are reported together. An empty value counts as
/// not set. The value of a faulty setting is its default, until <see cref="ThrowIfFaulty"/>.
/// </summary>
/// <param name="read">Gives the value of a setting, or null.</param>
public sealed partial class SettingsReader(Func<string, string?> read)
{
    private static readonly Dictionary<string, bool> Switches = new() { ["true"] = true, ["false"] = false };

    private readonly List<string> faults = [];
    private readonly Dictionary<string, string?> asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong so far, one sentence each.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>The names that were asked for so far, set or not.</summary>
    public IReadOnlyCollection<string> Asked => asked.Keys;

    /// <summary>The same names, each with what holds when it is not set, or null when nothing does.</summary>
    public IReadOnlyDictionary<string, string?> Defaults => asked;

    /// <summary>A text.</summary>
    public string Text(string name, string fallback) => Value(name, fallback) ?? fallback;

    /// <summary>A text that may be missing.</summary>
    public string? OptionalText(string name) => Value(name, null);

    /// <summary>A whole number within bounds, both included.</summary>
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

    /// <summary>A duration such as <c>500ms</c>, <c>3s</c>, <c>1m30s</c> or <c>2h</c> (the Go system's notation, and <c>d</c> for days), within bounds.</summary>
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

    /// <summary>One of several words, whatever their case.</summary>
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

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Switch(string name, bool fallback) => Choice(name, fallback, Switches);

    /// <summary>Words separated by commas, at least one, each once.</summary>
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

    /// <summary>Adds a fault that the caller found.</summary>
    public T Fault<T>(string name, string? value, string expected, T fallback)
    {
        faults.Add(
            value is null ? $"{name} is not set; expected {expected}." : $"{name} is '{value}'; expected {expected}."
        );
        return fallback;
    }

    /// <summary>Adds a fault of a setting whose value must not be shown.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="fault">What is wrong with it, without its value, as the rest of a sentence.</param>
    public void SecretFault(string name, string fault) => faults.Add($"{name} {fault}.");

    /// <summary>Throws if anything was wrong.</summary>
    /// <exception cref="InvalidSettingsException">Lists every fault.</exception>
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
