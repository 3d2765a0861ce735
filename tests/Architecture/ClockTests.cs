using System.Text.RegularExpressions;

namespace GopherFlow.Architecture.Tests;

/// <summary>Time is the database's: nothing in the kernel reads the wall clock of its machine.</summary>
public sealed partial class ClockTests
{
    /// <summary>Where the machine's clock is the database's: in the process there is no other.</summary>
    private static readonly string[] Databases = ["InMemoryStore.cs", "SqliteStore.cs"];

    private static readonly string[] Folders = ["Engine", "Stores/Sqlite", "Stores/Postgres", "Stores/MySql"];

    [Fact]
    public void Nobody_reads_the_wall_clock() =>
        Assert.Empty(
            Folders
                .SelectMany(folder => Repository.FilesOf(Path.Combine(Repository.Sources, folder), "*.cs"))
                .Where(file => !Databases.Contains(Path.GetFileName(file.Path)) && WallClock().IsMatch(file.Text))
                .Select(file => file.Path)
        );

    [GeneratedRegex(@"DateTime(Offset)?\.(UtcNow|Now|Today)|TimeProvider\.System\.Get(Utc|Local)Now|TickCount")]
    private static partial Regex WallClock();
}
