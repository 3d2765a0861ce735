using System.Text.RegularExpressions;

namespace GopherFlow.Demo.Tests;

/// <summary>A Markdown page: its links, and the anchors of its headings as GitHub generates them.</summary>
internal sealed partial class MarkdownPage
{
    public MarkdownPage(string text)
    {
        var prose = Comment().Replace(Fence().Replace(text.ReplaceLineEndings("\n"), ""), "");
        Anchors = AnchorsOf(prose).ToHashSet(StringComparer.Ordinal);
        var links = InlineCode().Replace(prose, "");
        Links =
        [
            .. Inline()
                .Matches(links)
                .Concat(Reference().Matches(links))
                .Concat(Html().Matches(links))
                .Select(link => link.Groups["target"].Value),
        ];
    }

    /// <summary>The link targets as written, including images.</summary>
    public IReadOnlyList<string> Links { get; }

    public IReadOnlySet<string> Anchors { get; }

    private static IEnumerable<string> AnchorsOf(string prose)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(prose))
        {
            var anchor = AnchorOf(heading.Groups["text"].Value);
            var times = seen.GetValueOrDefault(anchor);
            seen[anchor] = times + 1;
            yield return times == 0 ? anchor : $"{anchor}-{times}";
        }

        foreach (Match named in NamedAnchor().Matches(prose))
        {
            yield return named.Groups["name"].Value;
        }
    }

    /// <summary>In lower case, without punctuation, with a hyphen for each space. A link is replaced by its text.</summary>
    private static string AnchorOf(string heading)
    {
        var text = LinkText().Replace(heading, "${text}").Trim().ToLowerInvariant();
        return string.Concat(
            text.Where(sign => char.IsLetterOrDigit(sign) || sign is ' ' or '-' or '_')
                .Select(sign => sign == ' ' ? '-' : sign)
        );
    }

    [GeneratedRegex(@"^(?<mark>```+|~~~+).*?^\k<mark>[^\S\n]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<ticks>`+)(?!`).+?(?<!`)\k<ticks>(?!`)", RegexOptions.Singleline)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\(\s*<?(?<target>[^\s<>)]+)>?(?:\s+""[^""]*"")?\s*\)")]
    private static partial Regex Inline();

    [GeneratedRegex(@"^ {0,3}\[[^\]]+\]:\s*<?(?<target>[^\s>]+)", RegexOptions.Multiline)]
    private static partial Regex Reference();

    [GeneratedRegex(@"<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*[""'](?<target>[^""']+)")]
    private static partial Regex Html();

    [GeneratedRegex(@"^ {0,3}#{1,6}[^\S\n]+(?<text>[^\n]*?)[^\S\n]*#*[^\S\n]*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"!?\[(?<text>[^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"<a\b[^>]*?\b(?:id|name)\s*=\s*[""'](?<name>[^""']+)")]
    private static partial Regex NamedAnchor();
}
