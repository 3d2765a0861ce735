namespace GopherFlow.Demo.Tests;

/// <summary>Every link of the documentation into this repository must lead to an existing file and heading.</summary>
public sealed class LinkTests
{
    private static readonly string[] Folders = ["docs", "samples", "src", "templates", ".github"];

    public static TheoryData<string> Pages =>
        [
            .. Directory
                .EnumerateFiles(Repository.Root, "*.md")
                .Concat(Folders.SelectMany(PagesIn))
                .Select(page => Path.GetRelativePath(Repository.Root, page).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    [Theory, MemberData(nameof(Pages))]
    public void Every_link_of_a_page_has_a_target(string page) =>
        Assert.Empty(BrokenLinks(Repository.Root, Repository.PathOf(page)));

    [Fact]
    public void A_broken_link_is_reported()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("deep"));
        File.WriteAllText(folder.File("picture.png"), "");
        File.WriteAllText(folder.File("deep/other.md"), "# One `two`, [three](x.md)!\n\n## Again\n\n## Again\n");
        File.WriteAllText(
            folder.File("page.md"),
            """
            # Title

            [there](deep/other.md#one-two-three) [second](deep/other.md#again-1) [here](#title) [folder](deep) [outside](https://example.org/x)
            ![picture](picture.png) `[code](nothing.md)` [file](nothing.md) [heading](deep/other.md#four) [third](deep/other.md#again-2)
            ![picture](nothing.png) [line](picture.png#top) [here](#no-title) [above](../outside.md) [reference]

            [reference]: deep/nothing.md

            ```text
            [code](nothing.md)
            ```
            """
        );

        Assert.Equal(
            [
                "nothing.md",
                "deep/other.md#four",
                "deep/other.md#again-2",
                "nothing.png",
                "picture.png#top",
                "#no-title",
                "../outside.md",
                "deep/nothing.md",
            ],
            BrokenLinks(folder.Path, folder.File("page.md"))
        );
    }

    [Fact]
    public void Every_question_has_a_short_answer_and_a_link_to_a_heading()
    {
        var rows = File.ReadLines(Repository.PathOf("docs/questions.md"))
            .Where(line =>
                line.StartsWith("| ", StringComparison.Ordinal) && line.Contains("? |", StringComparison.Ordinal)
            )
            .Select(line => line.Split(" | "))
            .ToList();

        Assert.InRange(rows.Count, 50, int.MaxValue);
        Assert.Equal(rows.Count, rows.Select(row => row[0]).Distinct().Count());
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal(3, row.Length);
                Assert.InRange(row[1].Length, 2, 150);
                Assert.Contains('#', Assert.Single(new MarkdownPage(row[2]).Links));
            }
        );
    }

    [Fact]
    public void Pages_and_links_are_found() =>
        Assert.InRange(
            Pages.Sum(page => new MarkdownPage(File.ReadAllText(Repository.PathOf(page.Data))).Links.Count),
            100,
            int.MaxValue
        );

    private static IEnumerable<string> PagesIn(string folder) =>
        Directory
            .EnumerateFiles(Repository.PathOf(folder), "*.md", SearchOption.AllDirectories)
            .Where(page =>
                !page.Replace('\\', '/').Split('/').Intersect(["bin", "obj", "node_modules", "artifacts"]).Any()
            );

    private static IReadOnlyList<string> BrokenLinks(string root, string page) =>
        [
            .. new MarkdownPage(File.ReadAllText(page))
                .Links.Where(link => !Uri.TryCreate(link, UriKind.Absolute, out _) || link.StartsWith('/'))
                .Where(link => !HasTarget(root, page, link)),
        ];

    private static bool HasTarget(string root, string page, string link)
    {
        var parts = link.Split('#', 2);
        var path = Uri.UnescapeDataString(parts[0].Split('?')[0]);
        var target = Path.GetFullPath(
            path.Length == 0 ? page
            : path[0] == '/' ? Path.Combine(root, path.TrimStart('/'))
            : Path.Combine(Path.GetDirectoryName(page)!, path)
        );
        var isWithin =
            target == root || target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return isWithin
            && (File.Exists(target) || Directory.Exists(target))
            && (parts.Length == 1 || HasAnchor(target, Uri.UnescapeDataString(parts[1])));
    }

    private static bool HasAnchor(string target, string anchor) =>
        target.EndsWith(".md", StringComparison.Ordinal)
        && new MarkdownPage(File.ReadAllText(target)).Anchors.Contains(anchor);
}
