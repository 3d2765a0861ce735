using System.Data.Common;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// One connection and what runs on it. It is opened when first needed, and again after it was lost. Used by one thread at a time.
/// </summary>
/// <param name="connectionString">The database.</param>
/// <param name="patience">How many seconds an answer may take before the connection is given up.</param>
internal sealed class MySqlSession(string connectionString, int patience) : IDisposable
{
    private const int MostRetries = 5;
    private const string Savepoint = "gopherflow_step";

    /// <summary>
    /// Strict, so that nothing is ever cut off in silence; and no wait longer than a heartbeat can stand. A process that stalls within
    /// a transaction holds its locks, and with them everybody else: MariaDB ends its session after that long (MySQL has no such
    /// setting, and reads a comment).
    /// </summary>
    private const string Settings = """
        SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
                    time_zone = '+00:00',
                    innodb_lock_wait_timeout = 10
                    /*M! , idle_transaction_timeout = 10 */
        """;

    private DbConnection? connection;
    private DbTransaction? transaction;

    /// <summary>Where this session keeps its share of the counts.</summary>
    public int CountSlot { get; } = Random.Shared.Next(16);

    /// <summary>Runs a query outside of any transaction; once more if the connection turns out to be lost.</summary>
    public T Read<T>(Func<MySqlSession, T> query)
    {
        var wasOpen = connection is not null;
        try
        {
            Connect();
            return query(this);
        }
        catch (Exception trouble)
        {
            Drop();
            if (wasOpen && MySqlDriver.IsTransient(trouble))
            {
                return Read(query);
            }

            throw;
        }
    }

    /// <summary>
    /// Runs a transaction: committed when the function returns, rolled back when it throws. One that had to give way to another
    /// is run again.
    /// </summary>
    public T Transact<T>(Func<MySqlSession, T> work)
    {
        for (var retries = 0; ; retries++)
        {
            try
            {
                return TransactOnce(work);
            }
            catch (Exception trouble)
                when (retries < MostRetries && (MySqlDriver.IsDeadlock(trouble) || trouble is ExternalIdRaceException))
            {
                // All of it is rolled back; what the other has written will be seen now.
            }
        }
    }

    /// <summary>
    /// Runs a part of the transaction that can be undone alone. Only when even that fails, for the whole transaction is lost,
    /// does it throw.
    /// </summary>
    public Exception? Try(Action<DbConnection, DbTransaction> part)
    {
        Run($"SAVEPOINT {Savepoint}");
        try
        {
            part(connection!, transaction!);
            return null;
        }
        catch (Exception failure) when (failure is not ExternalIdRaceException && !MySqlDriver.IsDeadlock(failure))
        {
            try
            {
                Run($"ROLLBACK TO SAVEPOINT {Savepoint}");
            }
            catch (DbException lost)
            {
                throw new AggregateException(failure, lost);
            }

            return failure;
        }
    }

    /// <summary>This session for statements that all databases share.</summary>
    public SqlSession Shared(DateTimeOffset? now) => new(connection!, transaction, MySqlSessions.Dialect, now);

    /// <summary>Runs a statement and tells how many rows it found or wrote.</summary>
    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a query and reads its rows.</summary>
    public List<T> Query<T>(
        string sql,
        Func<MySqlRow, T> read,
        params ReadOnlySpan<(string Name, object? Value)> values
    )
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var row = new MySqlRow(reader);
        var rows = new List<T>();
        while (row.Next())
        {
            rows.Add(read(row));
        }

        return rows;
    }

    /// <summary>Opens the connection unless it is open.</summary>
    public void Connect()
    {
        if (connection is null)
        {
            connection = MySqlDriver.Open(connectionString, patience);
            Run(Settings);
        }
    }

    public void Dispose() => Drop();

    private T TransactOnce<T>(Func<MySqlSession, T> work)
    {
        Begin();
        try
        {
            var result = work(this);
            transaction!.Commit();
            transaction.Dispose();
            return result;
        }
        catch
        {
            Undo();
            throw;
        }
        finally
        {
            transaction = null;
        }
    }

    /// <summary>A connection may have been lost while it was idle; nothing has been done on it then.</summary>
    private void Begin()
    {
        var wasOpen = connection is not null;
        try
        {
            Connect();
            transaction = connection!.BeginTransaction(System.Data.IsolationLevel.ReadCommitted);
        }
        catch (Exception)
        {
            Drop();
            if (!wasOpen)
            {
                throw;
            }

            Connect();
            transaction = connection!.BeginTransaction(System.Data.IsolationLevel.ReadCommitted);
        }
    }

    private void Undo()
    {
        try
        {
            transaction?.Rollback();
            transaction?.Dispose();
            if (connection?.State != System.Data.ConnectionState.Open)
            {
                Drop();
            }
        }
        catch (Exception)
        {
            // Whatever is wrong with the connection, the server rolls back when it goes.
            Drop();
        }
    }

    private void Drop()
    {
        try
        {
            connection?.Dispose();
        }
        catch (Exception)
        {
            // It was lost already.
        }

        connection = null;
    }

    private DbCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection!.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value switch
            {
                null => DBNull.Value,
                DateTimeOffset instant => MySqlRow.Microseconds(instant),
                _ => value,
            };
            command.Parameters.Add(parameter);
        }

        return command;
    }
}

/// <summary>
/// Another transaction has taken an external id after this one had found it free. Tried once more, this one will see it.
/// </summary>
internal sealed class ExternalIdRaceException(Exception inner)
    : Exception("Another transaction has just created a workflow with one of these external ids.", inner);
