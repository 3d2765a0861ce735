using System.Text;

namespace GopherFlow.Storage.Sql;

/// <summary>Which texts begin with a prefix, when texts are in the order of their code points (that of their bytes in UTF-8).</summary>
internal static class Prefixes
{
    /// <summary>The first text after all that begin with a prefix, or null when there is none.</summary>
    public static string? After(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToArray();
        var last = Array.FindLastIndex(runes, rune => rune.Value < 0x10FFFF);
        return last < 0 ? null : string.Concat(runes[..last]) + Next(runes[last]);
    }

    /// <summary>Surrogates are no code points of a text.</summary>
    private static Rune Next(Rune rune) => new(rune.Value == 0xD7FF ? 0xE000 : rune.Value + 1);
}
