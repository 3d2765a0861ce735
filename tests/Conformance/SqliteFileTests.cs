using GopherFlow.Conformance.Setting;
using GopherFlow.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Conformance;

/// <summary>Tests specific to SQLite: the file, its version, and files that cannot be used.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => folder.File("gopherflow.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Reopening_the_file_finds_all_data()
    {
        WorkflowRecord before;
        IReadOnlyList<ActionRecord> history;
        IReadOnlyList<WorkflowCount> counts;
        await using (var store = await OpenAsync(File))
        {
            var created = await store.WriteAsync(
                new WriteBatch(
                    [A.Workflow("order-1") with { StateVars = """{"a":1}""", ClaimedBy = 1 }],
                    [],
                    1,
                    A.FirstInstant
                ),
                Stop
            );
            var running = (await store.FindAsync(created.Creates[0].Id, Stop))!;
            await store.WriteAsync(new WriteBatch([], [running.GoesTo("Pay")], 1, A.FirstInstant), Stop);
            before = (await store.FindAsync(running.Id, Stop))!;
            history = await store.ActionsAsync(new ActionSearch(running.Id, 100), Stop);
            counts = await store.CountsAsync(Stop);
        }

        await using var again = await OpenAsync(File);

        Assert.Equal(before, await again.FindByExternalIdAsync("order-1", Stop));
        Assert.Equal(history, await again.ActionsAsync(new ActionSearch(before.Id, 100), Stop));
        Assert.Equal(counts, await again.CountsAsync(Stop));
        await StoreInvariants.CheckAsync(again);
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_rejected_and_left_alone()
    {
        await (await OpenAsync(File)).DisposeAsync();
        Execute("PRAGMA user_version = 999");

        var refusal = await Assert.ThrowsAsync<StoreSetupException>(() => OpenAsync(File));

        Assert.Contains("version 999", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer program", Assert.Single(refusal.Faults), StringComparison.Ordinal);
        Assert.Equal(999L, Execute("PRAGMA user_version"));
    }

    [Fact]
    public async Task Concurrent_opens_of_a_new_file_set_it_up_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync(File), Stop)));

        foreach (var (number, store) in stores.Index())
        {
            await store.WriteAsync(new WriteBatch([A.Workflow($"{number}")], [], 1, A.FirstInstant), Stop);
        }

        Assert.Equal(8, (await stores[0].SearchAsync(new WorkflowSearch(), Stop)).Workflows.Count);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_missing_folder_is_created()
    {
        var nested = Path.Combine(folder.Path, "a", "b", "gopherflow.db");

        await (await OpenAsync(nested)).DisposeAsync();

        Assert.True(System.IO.File.Exists(nested));
    }

    [Fact]
    public async Task Only_the_owner_can_read_a_new_file_and_its_side_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows files inherit the permissions of their folder.");

        await using var store = await OpenAsync(File);
        await store.WriteAsync(new WriteBatch([A.Workflow("order-1")], [], 1, A.FirstInstant), Stop);

        var files = Directory.GetFiles(folder.Path);
        Assert.Equal(3, files.Length);
        Assert.All(
            files,
            file =>
                Assert.True(
                    OperatingSystem.IsWindows()
                        || System.IO.File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite),
                    file
                )
        );
    }

    [Theory]
    [InlineData(20)]
    [InlineData(20_000)]
    public async Task A_file_that_is_not_a_database_is_rejected_with_one_line(int length)
    {
        var path = folder.File("notes.txt");
        await System.IO.File.WriteAllTextAsync(path, new string('a', length), Stop);

        var refusal = await Assert.ThrowsAsync<StoreSetupException>(() => OpenAsync(path));

        Assert.Equal(
            $"The SQLite file '{path}' is not a SQLite database. Name another one in GFLOW_DATABASE_SQLLITE_FILE_NAME.",
            Assert.Single(refusal.Faults)
        );
    }

    [Theory]
    [InlineData("a folder")]
    [InlineData("below a file")]
    public async Task The_error_for_a_path_that_cannot_be_opened_names_it(string fault)
    {
        var path = fault is "a folder" ? folder.Path : Path.Combine(Written("plain.txt"), "gopherflow.db");

        var refusal = await Assert.ThrowsAsync<StoreSetupException>(() => OpenAsync(path));

        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("GFLOW_DATABASE_SQLLITE_FILE_NAME", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_or_locked_database_is_a_transient_error()
    {
        await using var store = await OpenAsync(File);

        Assert.True(store.IsTransient(new SqliteException("busy", 5)));
        Assert.True(store.IsTransient(new SqliteException("locked", 6)));
        Assert.False(store.IsTransient(new SqliteException("constraint", 19)));
    }

    [Theory]
    [InlineData(SqliteSynchronous.Full)]
    [InlineData(SqliteSynchronous.Normal)]
    public async Task Both_durability_settings_keep_committed_data(SqliteSynchronous synchronous)
    {
        await using (var store = await OpenAsync(File, synchronous))
        {
            await store.WriteAsync(new WriteBatch([A.Workflow("order-1")], [], 1, A.FirstInstant), Stop);
        }

        await using var again = await OpenAsync(File, synchronous);
        Assert.NotNull(await again.FindByExternalIdAsync("order-1", Stop));
    }

    [Fact]
    public async Task A_store_can_be_disposed_twice()
    {
        var store = await OpenAsync(File);

        await store.DisposeAsync();
        await store.DisposeAsync();
    }

    private static async Task<SqliteStore> OpenAsync(
        string file,
        SqliteSynchronous synchronous = SqliteSynchronous.Full
    )
    {
        var store = new SqliteStore(file, synchronous);
        await store.InitializeAsync(Stop);
        return store;
    }

    private string Written(string name)
    {
        var path = folder.File(name);
        System.IO.File.WriteAllText(path, "A file.");
        return path;
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
