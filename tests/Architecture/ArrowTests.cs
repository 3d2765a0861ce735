using System.Xml.Linq;

namespace GopherFlow.Architecture.Tests;

/// <summary>Dependencies between folders and between projects have no cycles.</summary>
public sealed class ArrowTests
{
    /// <summary>Each project of src and the projects that it may reference.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["GopherFlow.Analyzers"] = [],
        ["GopherFlow.Client"] = ["GopherFlow.Engine"],
        ["GopherFlow.Contract"] = [],
        ["GopherFlow.Engine"] = ["GopherFlow.Analyzers"],
        ["GopherFlow.Sqlite"] = ["GopherFlow.Engine"],
        ["GopherFlow.Postgres"] = ["GopherFlow.Engine"],
        ["GopherFlow.MySql"] = ["GopherFlow.Engine"],
        ["GopherFlow.Scripting"] = ["GopherFlow.Engine"],
        ["GopherFlow.Testing"] = ["GopherFlow.Engine"],
        ["GopherFlow.Scripting.Compiler"] = ["GopherFlow.Engine", "GopherFlow.Scripting"],
        ["GopherFlow.Server"] = ["GopherFlow.Contract", "GopherFlow.Engine", "GopherFlow.Scripting"],
        ["GopherFlow.Tool"] =
        [
            "GopherFlow.Client",
            "GopherFlow.MySql",
            "GopherFlow.Postgres",
            "GopherFlow.Scripting.Compiler",
            "GopherFlow.Server",
            "GopherFlow.Sqlite",
            "GopherFlow.Testing",
        ],
        ["Client"] = ["GopherFlow.Contract"],
        ["Tests"] = ["Client"],
    };

    /// <summary>The folders that each folder of the engine may use besides its parent folders.</summary>
    private static readonly Dictionary<string, string[]> Engine = new()
    {
        ["Authoring"] = [],
        ["Settings"] = [],
        ["Telemetry"] = [],
        ["Definitions"] = ["Authoring", "Settings"],
        ["Rules"] = ["Authoring", "Definitions"],
        ["Webhooks"] = ["Authoring", "Settings", "Definitions", "Rules"],
        ["Storage"] = ["Authoring", "Definitions", "Rules", "Settings"],
        ["Storage/InMemory"] = ["Authoring", "Definitions", "Rules", "Settings", "Storage"],
        ["Storage/Sql"] = ["Authoring", "Definitions", "Rules", "Settings", "Storage"],
        ["Execution"] = ["Authoring", "Settings", "Telemetry", "Definitions", "Rules", "Storage"],
        ["Operations"] = ["Authoring", "Settings", "Telemetry", "Definitions", "Rules", "Storage", "Execution"],
        ["Client"] = ["Authoring", "Rules", "Storage", "Operations"],
        ["Operations/Imports"] =
        [
            "Authoring",
            "Settings",
            "Telemetry",
            "Definitions",
            "Rules",
            "Storage",
            "Execution",
            "Operations",
        ],
        ["Operations/Jobs"] =
        [
            "Authoring",
            "Settings",
            "Telemetry",
            "Definitions",
            "Rules",
            "Storage",
            "Execution",
            "Operations",
        ],
        ["Operations/Schedules"] =
        [
            "Authoring",
            "Settings",
            "Telemetry",
            "Definitions",
            "Rules",
            "Storage",
            "Execution",
            "Operations",
        ],
    };

    public static TheoryData<string> Projects => [.. Repository.Projects.Select(Name)];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_references_only_allowed_projects(string project)
    {
        var references = XDocument
            .Load(FileOf(project))
            .Descendants("ProjectReference")
            .Select(reference => Name(reference.Attribute("Include")!.Value));

        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory, MemberData(nameof(Projects))]
    public void No_two_folders_of_a_project_import_each_other(string project)
    {
        var cycles = Cycles(ImportsOf(FileOf(project)));

        Assert.True(cycles.Count == 0, string.Join('\n', cycles));
    }

    [Theory]
    [InlineData("GopherFlow.Engine", "Execution", "Storage")]
    [InlineData("GopherFlow.Scripting", "Deployment", "Loading")]
    [InlineData("GopherFlow.Testing", "Replaying", "Running")]
    [InlineData("GopherFlow.Server", "Wire", "Http")]
    [InlineData("Client", "Pages", "Diagram")]
    public void The_import_reader_finds_known_imports(string project, string from, string to) =>
        Assert.Contains(ImportsOf(FileOf(project)), import => import.From == from && import.To == to);

    [Fact]
    public void The_folders_of_the_engine_import_what_the_design_allows()
    {
        var folder = Path.GetDirectoryName(FileOf("GopherFlow.Engine"))!;
        var imports = Imports.OfCSharp(folder, "GopherFlow").Where(import => import.From != "Hosting");

        Assert.Empty(
            imports
                .Where(import => !Engine.GetValueOrDefault(import.From, []).Contains(import.To))
                .Select(import => import.Reason)
        );
    }

    [Fact]
    public void A_namespace_of_the_engine_is_its_folder()
    {
        var folder = Path.GetDirectoryName(FileOf("GopherFlow.Engine"))!;

        Assert.Empty(
            Repository
                .FilesOf(folder, "*.cs")
                .Where(file =>
                    !file.Text.Contains(
                        $"\nnamespace GopherFlow.{Repository.FolderOf(file.Path).Replace('/', '.')};",
                        StringComparison.Ordinal
                    )
                    && !file.Text.StartsWith(
                        $"namespace GopherFlow.{Repository.FolderOf(file.Path).Replace('/', '.')};",
                        StringComparison.Ordinal
                    )
                )
                .Select(file => file.Path)
        );
    }

    /// <summary>The imports that remain after repeatedly removing those into folders that import nothing. They form cycles.</summary>
    private static IReadOnlyList<string> Cycles(IReadOnlyList<Import> imports)
    {
        while (true)
        {
            var left = imports.Where(import => imports.Any(other => other.From == import.To)).ToList();
            if (left.Count == imports.Count)
            {
                return [.. left.Select(import => $"{import.From} -> {import.To}: {import.Reason}")];
            }

            imports = left;
        }
    }

    private static IReadOnlyList<Import> ImportsOf(string file) =>
        file.EndsWith(".csproj", StringComparison.Ordinal)
            ? Imports.OfCSharp(Path.GetDirectoryName(file)!, RootNamespaceOf(file))
            : Imports.OfFSharp(file);

    private static string RootNamespaceOf(string file) =>
        Name(file) switch
        {
            "GopherFlow.Engine" => "GopherFlow",
            "GopherFlow.Testing" => "GopherFlow.Testing",
            var store => $"GopherFlow.Stores.{store.Split('.')[^1]}",
        };

    private static string FileOf(string project) => Repository.Projects.Single(file => Name(file) == project);

    private static string Name(string file) => Path.GetFileNameWithoutExtension(file.Replace('\\', '/'));
}
