using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GopherFlow.Architecture.Tests;

/// <summary>A use of another folder by a file.</summary>
/// <param name="From">The folder of the file.</param>
/// <param name="To">The used folder.</param>
/// <param name="Reason">A description of the file and what it uses.</param>
internal sealed record Import(string From, string To, string Reason);

/// <summary>Reads the dependencies between the folders of a project.</summary>
internal static partial class Imports
{
    /// <summary>
    /// In C# each folder is a namespace, and using directives show the uses. A parent namespace needs no directive, so a folder may use its
    /// parent folders.
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
    /// The F# files of a project share a namespace, or each is a module in the namespace of its folder. So a use is a module that the file
    /// opens or can reference, or a type or module declared by an earlier file of another folder. Files beside the project file are
    /// ignored, because the compilation order already restricts them.
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

    /// <summary>The text without comments and string literals.</summary>
    private static string Code(string text) => Quoted().Replace(Comment().Replace(text, ""), "\"\"");

    [GeneratedRegex(@"^using (?:static )?(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Quoted();
}
