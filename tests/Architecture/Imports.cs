using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GopherFlow.Architecture.Tests;

/// <summary>One file uses something of another folder.</summary>
/// <param name="From">The folder of the file.</param>
/// <param name="To">The folder of what it uses.</param>
/// <param name="Reason">Which file uses what.</param>
internal sealed record Import(string From, string To, string Reason);

/// <summary>Reads which folder of a project uses which.</summary>
internal static partial class Imports
{
    /// <summary>
    /// In C# a namespace is a folder, and a using line says which is used. A parent's namespace needs no such line, so whatever lies in a
    /// folder may use the folders around it.
    /// </summary>
    public static IReadOnlyList<Import> OfCSharp(string folder, string rootNamespace)
    {
        var files = Repository.FilesOf(folder, "*.cs").ToList();
        var folders = files.Select(file => Repository.FolderOf(file.Path)).ToHashSet();
        return
        [
            .. from file in files
            from use in Using().Matches(file.Text)
            let name = use.Groups["name"].Value
            where name.StartsWith($"{rootNamespace}.", StringComparison.Ordinal)
            let to = name[(rootNamespace.Length + 1)..].Replace('.', '/')
            let source = Repository.FolderOf(file.Path)
            where to != source && folders.Contains(to)
            select new Import(source, to, $"{file.Path} uses {name}"),
        ];
    }

    /// <summary>
    /// The F# files of a project share a namespace, or each is a module of its folder's. So it counts what a file names: a module that it opens
    /// or can see, or a type or module that an earlier file of another folder declares. What lies beside the project file is no folder: the
    /// order of compilation says all about it.
    /// </summary>
    public static IReadOnlyList<Import> OfFSharp(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        var files = (
            from compile in XDocument.Load(project).Descendants("Compile")
            let path = compile.Attribute("Include")!.Value.Replace('\\', '/')
            select FSharpFile.Read(path, Code(File.ReadAllText(Path.Combine(folder, path))))
        ).ToList();
        return
        [
            .. from user in files.Index()
            from used in files.Take(user.Index)
            let source = Repository.FolderOf(user.Item.Path)
            let to = Repository.FolderOf(used.Path)
            where source != to && source != "" && to != ""
            let name = user.Item.NameUsedOf(used)
            where name is not null
            select new Import(source, to, $"{user.Item.Path} names {name} of {used.Path}"),
        ];
    }

    /// <summary>The text without comments and without what stands in quotation marks.</summary>
    private static string Code(string text) => Quoted().Replace(Comment().Replace(text, ""), "\"\"");

    [GeneratedRegex(@"^using (?:static )?(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Quoted();
}
