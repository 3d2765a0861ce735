using System.Text;

namespace GopherFlow.Rules;

/// <summary>Text from outside, made fit for every database.</summary>
internal static class StoredText
{
    /// <summary>The first characters of a text, without NUL and unpaired surrogates, which PostgreSQL cannot store.</summary>
    public static string Cut(string text, int longest)
    {
        var kept = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > longest)
            {
                break;
            }

            kept.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return kept.ToString();
    }

    /// <summary>The same of a text that may be missing.</summary>
    public static string? CutOrNull(string? text, int longest) => text is null ? null : Cut(text, longest);
}
