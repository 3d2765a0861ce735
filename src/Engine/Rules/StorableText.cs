namespace GopherFlow.Rules;

/// <summary>Texts of authors and exceptions, as every database can store them.</summary>
internal static class StorableText
{
    /// <summary>Not every database holds a NUL character in a text, and a message must not cost the step.</summary>
    public static string Storable(this string text) => text.Replace('\0', '\uFFFD');

    /// <summary>The beginning of a text.</summary>
    public static string CutAt(this string text, int length) => text.Length <= length ? text : text[..length];
}
