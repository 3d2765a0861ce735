using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Gives the shared SQL stores access to a pool.</summary>
internal sealed class MySqlSessions(MySqlPool pool, TimeProvider? clock) : ISqlDatabase
{
    /// <summary>The clock of the server in microseconds since 1970-01-01 UTC, the unit in which all instants are stored.</summary>
    private const string Clock = "timestampdiff(MICROSECOND, '1970-01-01', utc_timestamp(6))";

    public static SqlDialect Dialect { get; } =
        new()
        {
            Clock = Clock,
            LastId = "last_insert_id()",
            HasReturning = false,
            Greatest = "greatest",
            StoresMicroseconds = true,
            StoresIdentifiersAsBytes = true,
            FindsUnfinishedByStatus = false,
            JoinInOrder = "STRAIGHT_JOIN",
            ByPrimaryKey = "FORCE INDEX (PRIMARY)",
            WalkedBy = static index => $"FORCE INDEX ({index})",
            DuePriority = "due_priority",
            IsInDueIndex = "TRUE",
            WaitsAtPlace =
                "r.permit_place = unhex(md5(concat_ws(0x0A, CAST(@type AS BINARY), CAST(@version AS BINARY), CAST(@group AS BINARY))))",
            HasPermit = "r.permit_place = unhex(md5(CAST(@type AS BINARY)))",
            PermitsIndex = "workflow_run_waiting",
            OrIgnore = "IGNORE",
            OnConflictIgnore = "",
            LockFree = "FOR UPDATE SKIP LOCKED",
            ToArray = MySqlJson.Of,
            // With long keys the server groups in a table on disk, which takes four times as long.
            GroupKey = static identifier => $"left({identifier}, 250), crc32({identifier})",
            OfGroup = static identifier => $"max({identifier})",
            Whole = static sum => $"CAST({sum} AS SIGNED)",
        };

    /// <summary>The dialect for a Galera cluster, see <see cref="MySqlStatements"/>.</summary>
    public static SqlDialect InCluster { get; } = Dialect with { SendsOneByOne = true };

    SqlDialect ISqlDatabase.Dialect => Dialect;

    public Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> queries, CancellationToken cancellation) =>
        pool.RunAsync(connection => queries(SessionAtNow(connection, null)), cancellation);

    public Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> transaction, CancellationToken cancellation) =>
        pool.TransactAsync((connection, open) => transaction(SessionAtNow(connection, open)), cancellation);

    /// <summary>A session for statements that do not need the clock.</summary>
    public static SqlSession Session(MySqlConnection connection, MySqlTransaction? transaction) =>
        new(connection, transaction, Dialect, now: null);

    private SqlSession SessionAtNow(MySqlConnection connection, MySqlTransaction? transaction) =>
        new(connection, transaction, pool.Dialect, clock?.GetUtcNow());
}
