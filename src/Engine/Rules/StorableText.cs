using System.Buffers;
using System.Text;

namespace GopherFlow.Rules;

/// <summary>Converts texts from callers, authors and exceptions to a form that every database can store.</summary>
internal static class StorableText
{
    private static readonly SearchValues<char> Doubtful = SearchValues.Create([
        '\0',
        .. Enumerable.Range('\uD800', 0x800).Select(static code => (char)code),
    ]);

    /// <summary>
    /// Replaces NUL and unpaired surrogates by U+FFFD. PostgreSQL can store neither, and a text must not make the whole step fail.
    /// </summary>
    public static string Storable(this string text)
    {
        if (!text.AsSpan().ContainsAny(Doubtful))
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            kept.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return kept.ToString();
    }

    /// <summary>Truncates a text to at most this many characters, without splitting a surrogate pair.</summary>
    public static string CutAt(this string text, int length) =>
        text.Length <= length ? text
        : length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)]
        : text[..length];
}
