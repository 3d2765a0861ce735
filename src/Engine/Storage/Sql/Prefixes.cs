using System.Text;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Finds texts that begin with a prefix, if texts are in the order of their code points (the order of their bytes in UTF-8).
/// </summary>
internal static class Prefixes
{
    /// <summary>The first text that sorts after all texts with a prefix, or null if there is none.</summary>
    public static string? After(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToArray();
        var last = Array.FindLastIndex(runes, rune => rune.Value < 0x10FFFF);
        return last < 0 ? null : string.Concat(runes[..last]) + Next(runes[last]);
    }

    /// <summary>The next code point. Surrogates are skipped, because they are not code points of a text.</summary>
    private static Rune Next(Rune rune) => new(rune.Value == 0xD7FF ? 0xE000 : rune.Value + 1);
}
