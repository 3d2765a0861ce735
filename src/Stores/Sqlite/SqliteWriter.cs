using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// The single writer. SQLite allows only one writing transaction at a time, and a commit blocks its thread until the disk has synced. So
/// transactions queue for a dedicated thread, and no other thread is blocked. As a synchronization context it also runs the preparation of
/// the next transaction on this thread, which would otherwise be idle while a busy thread pool prepares the batch.
/// </summary>
internal sealed class SqliteWriter : SynchronizationContext, IAsyncDisposable
{
    private readonly Func<SqliteConnection> connect;
    private readonly BlockingCollection<Action> waiting = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteReader? statements;
    private bool mustReplace;

    /// <param name="connection">The open connection.</param>
    /// <param name="connect">Opens a connection to replace it.</param>
    public SqliteWriter(SqliteConnection connection, Func<SqliteConnection> connect)
    {
        this.connect = connect;
        statements = new SqliteReader(connection);
        new Thread(Work) { IsBackground = true, Name = "GopherFlow SQLite writer" }.Start();
    }

    /// <summary>Runs a transaction. It is committed when the function returns, and rolled back when it throws.</summary>
    public Task<T> RunAsync<T>(Func<SqliteReader, SqliteTransaction, T> work, CancellationToken cancellation) =>
        Enqueue(work, commits: static _ => true, cancellation);

    /// <summary>
    /// Runs a transaction. It is committed when the function returns true, and rolled back when it returns false or throws.
    /// </summary>
    public Task<bool> TryAsync(Func<SqliteReader, bool> work, CancellationToken cancellation) =>
        Enqueue((statements, _) => work(statements), commits: static written => written, cancellation);

    /// <summary>
    /// Closes the connection after the current transaction, because an author's callback may still be using it and must not write in
    /// later transactions. Must be called within a transaction.
    /// </summary>
    public void ReplaceConnection() => mustReplace = true;

    /// <summary>Runs the callback on the writer's thread, queued together with the transactions.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            waiting.Add(() => RunPosted(d, state));
        }
        catch (InvalidOperationException)
        {
            // The thread has ended, but the continuation must still run.
            ThreadPool.QueueUserWorkItem(_ => d(state));
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    public async ValueTask DisposeAsync()
    {
        waiting.CompleteAdding();
        await ended.Task;
        statements?.Dispose();
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

    /// <summary>
    /// Sets the context for posted work only: a transaction blocks the thread, so its continuations must not be posted here.
    /// </summary>
    private void RunPosted(SendOrPostCallback callback, object? state)
    {
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(null);
        }
    }

    private Task<T> Enqueue<T>(
        Func<SqliteReader, SqliteTransaction, T> work,
        Predicate<T> commits,
        CancellationToken cancellation
    )
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add(() => Run(work, commits, done, cancellation), CancellationToken.None);
        return done.Task;
    }

    private void Run<T>(
        Func<SqliteReader, SqliteTransaction, T> work,
        Predicate<T> commits,
        TaskCompletionSource<T> done,
        CancellationToken cancellation
    )
    {
        if (cancellation.IsCancellationRequested)
        {
            done.SetCanceled(cancellation);
            return;
        }

        try
        {
            done.SetResult(InTransaction(work, commits));
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
    }

    private T InTransaction<T>(Func<SqliteReader, SqliteTransaction, T> work, Predicate<T> commits)
    {
        statements ??= new SqliteReader(connect());
        try
        {
            using var transaction = statements.Connection.BeginTransaction(deferred: false);
            var result = work(statements, transaction);
            if (commits(result))
            {
                transaction.Commit();
            }

            return result;
        }
        finally
        {
            if (mustReplace)
            {
                mustReplace = false;
                statements.Dispose();
                statements = null;
            }
        }
    }
}
