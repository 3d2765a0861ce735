using System.Buffers;
using System.Text;

namespace GopherFlow.Rules;

/// <summary>Texts from outside, of authors and of exceptions, as every database can store them.</summary>
internal static class StorableText
{
    private static readonly SearchValues<char> Doubtful = SearchValues.Create([
        '\0',
        .. Enumerable.Range('\uD800', 0x800).Select(static code => (char)code),
    ]);

    /// <summary>
    /// The text with U+FFFD for NUL and for unpaired surrogates: PostgreSQL stores neither, and a message must not cost the step.
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

    /// <summary>The beginning of a text, of at most so many characters; it ends with a whole one.</summary>
    public static string CutAt(this string text, int length) =>
        text.Length <= length ? text
        : length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)]
        : text[..length];
}
