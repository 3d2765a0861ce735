namespace GopherFlow.Hosting;

/// <summary>Which store holds the workflows.</summary>
public enum DatabaseType
{
    /// <summary>One file, one machine.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server, shared by any number of processes.</summary>
    Postgres,

    /// <summary>A MySQL or MariaDB server, shared by any number of processes.</summary>
    MySql,

    /// <summary>Nothing outlives the process. For tests and for trying things.</summary>
    InMemory,
}

/// <summary>How much of a commit is on the disk when it is reported as done (SQLite).</summary>
public enum SqliteSynchronous
{
    /// <summary>Each commit is synced: nothing reported as done is lost, even when the power fails.</summary>
    Full,

    /// <summary>Commits survive the death of the process, but the last ones may be lost when the power fails.</summary>
    Normal,
}

/// <summary>How the engine runs. Read from the environment by <see cref="EngineSettings"/>, or set in code.</summary>
public sealed record EngineOptions
{
    /// <summary>Which store. Default: SQLite.</summary>
    public DatabaseType Database { get; init; } = DatabaseType.Sqlite;

    /// <summary>Where the server is, for the stores that have one. Default: none.</summary>
    public DatabaseUrl? DatabaseUrl { get; init; }

    /// <summary>The file of the SQLite store. Default: <c>./gflow.db</c>.</summary>
    public string SqliteFile { get; init; } = "./gflow.db";

    /// <summary>The durability of the SQLite store. Default: full.</summary>
    public SqliteSynchronous SqliteSynchronous { get; init; } = SqliteSynchronous.Full;

    /// <summary>What people call this executor. Default: the name of the machine.</summary>
    public string ExecutorName { get; init; } = Environment.MachineName;

    /// <summary>The groups that this executor serves. Default: "default" alone.</summary>
    public IReadOnlyList<string> ExecutorGroups { get; init; } = ["default"];

    /// <summary>How many workflows run at once. Default: 256.</summary>
    public int ExecutorSize { get; init; } = 256;

    /// <summary>At most so many members in one transaction, and so many workflows in one claim. Default: 512.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>How often the store is asked for due workflows when nothing else wakes the executor. Default: 3 seconds.</summary>
    public TimeSpan CheckDbInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long an executor is taken for alive after it was last heard of. Default: 15 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often workflows of dead executors are looked for. Default: 1 second.</summary>
    public TimeSpan StuckWorkflowsInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long running steps may go on after a stop is asked for. Default: 10 seconds.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(10);
}
