using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// The one writer. SQLite lets one transaction write at a time, and a commit blocks its thread until the disk has it; so the
/// transactions queue here for a thread of their own, and nobody else's thread is blocked.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly SqliteConnection connection;
    private readonly BlockingCollection<Action> waiting = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SqliteWriter(SqliteConnection connection)
    {
        this.connection = connection;
        Statements = new SqliteReader(connection);
        new Thread(Work) { IsBackground = true, Name = "GopherFlow SQLite writer" }.Start();
    }

    /// <summary>The statements of the writing connection; only for use within a transaction.</summary>
    public SqliteReader Statements { get; }

    /// <summary>Runs a transaction: committed when the function returns, rolled back when it throws.</summary>
    public Task<T> RunAsync<T>(Func<SqliteTransaction, T> work, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add(() => Run(work, done, cancellation), CancellationToken.None);
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.CompleteAdding();
        await ended.Task;
        Statements.Dispose();
        waiting.Dispose();
    }

    private void Work()
    {
        foreach (var transaction in waiting.GetConsumingEnumerable())
        {
            transaction();
        }

        ended.SetResult();
    }

    private void Run<T>(Func<SqliteTransaction, T> work, TaskCompletionSource<T> done, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            done.SetCanceled(cancellation);
            return;
        }

        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = work(transaction);
            transaction.Commit();
            done.SetResult(result);
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
    }
}
