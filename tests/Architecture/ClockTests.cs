using System.Text.RegularExpressions;

namespace GopherFlow.Architecture.Tests;

/// <summary>The engine uses the time of the database and never reads the wall clock of its machine.</summary>
public sealed partial class ClockTests
{
    /// <summary>Stores inside the process, whose database time is the machine's clock.</summary>
    private static readonly string[] Databases = ["InMemoryStore.cs", "SqliteStore.cs"];

    private static readonly string[] Folders = ["Engine", "Stores/Sqlite", "Stores/Postgres", "Stores/MySql"];

    [Fact]
    public void The_engine_and_the_stores_do_not_read_the_wall_clock() =>
        Assert.Empty(
            Folders
                .SelectMany(folder => Repository.FilesOf(Path.Combine(Repository.Sources, folder), "*.cs"))
                .Where(file => !Databases.Contains(Path.GetFileName(file.Path)) && WallClock().IsMatch(file.Text))
                .Select(file => file.Path)
        );

    [GeneratedRegex(@"DateTime(Offset)?\.(UtcNow|Now|Today)|TimeProvider\.System\.Get(Utc|Local)Now|TickCount")]
    private static partial Regex WallClock();
}
