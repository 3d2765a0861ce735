using System.Runtime.CompilerServices;

namespace GopherFlow.Architecture.Tests;

/// <summary>The source files of this repository.</summary>
internal static class Repository
{
    /// <summary>The folder <c>src</c>.</summary>
    public static string Sources { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "src"));

    /// <summary>The project files, by name.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    [
        .. Directory
            .EnumerateFiles(Sources, "*.?sproj", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The source files of a project's folder with their paths inside it, without build output.</summary>
    public static IEnumerable<(string Path, string Text)> FilesOf(string folder, string pattern) =>
        from file in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(folder, file).Replace('\\', '/')
        where path.Split('/')[0] is not ("bin" or "obj" or "node_modules")
        orderby path
        select (path, File.ReadAllText(file));

    /// <summary>The folder of a path, or empty for a file beside the project.</summary>
    public static string FolderOf(string path) => path.LastIndexOf('/') is var end and >= 0 ? path[..end] : "";

    private static string Here([CallerFilePath] string path = "") => path;
}
