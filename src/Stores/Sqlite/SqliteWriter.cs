using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// The one writer. SQLite lets one transaction write at a time, and a commit blocks its thread until the disk has it; so the
/// transactions queue here for a thread of their own, and nobody else's thread is blocked. As a context it lets the thread prepare the
/// next transaction, too: handing batches back and forth between it and a busy thread pool would leave it idle meanwhile.
/// </summary>
internal sealed class SqliteWriter : SynchronizationContext, IAsyncDisposable
{
    private readonly Func<SqliteConnection> connect;
    private readonly BlockingCollection<Action> waiting = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteReader? statements;
    private bool isToReplace;

    /// <param name="connection">The connection, open.</param>
    /// <param name="connect">Opens another one in its place.</param>
    public SqliteWriter(SqliteConnection connection, Func<SqliteConnection> connect)
    {
        this.connect = connect;
        statements = new SqliteReader(connection);
        new Thread(Work) { IsBackground = true, Name = "GopherFlow SQLite writer" }.Start();
    }

    /// <summary>Runs a transaction: committed when the function returns, rolled back when it throws.</summary>
    public Task<T> RunAsync<T>(Func<SqliteReader, SqliteTransaction, T> work, CancellationToken cancellation) =>
        Enqueue(work, commits: static _ => true, cancellation);

    /// <summary>Runs a transaction: committed when the function gives true, rolled back when it gives false or throws.</summary>
    public Task<bool> TryAsync(Func<SqliteReader, bool> work, CancellationToken cancellation) =>
        Enqueue((statements, _) => work(statements), commits: static written => written, cancellation);

    /// <summary>
    /// Has the connection closed when the transaction that runs has ended: an author's callback may still hold it, and must not write into
    /// the transactions that follow. To be called within a transaction.
    /// </summary>
    public void ReplaceConnection() => isToReplace = true;

    /// <summary>Runs what is posted on the writer's thread, in turn with the transactions.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            waiting.Add(() => RunPosted(d, state));
        }
        catch (InvalidOperationException)
        {
            // The thread has ended, but what was awaited here must still continue.
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

    /// <summary>The context is set for posted work only: a transaction blocks the thread, so what it awaits must not continue here.</summary>
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
            if (isToReplace)
            {
                isToReplace = false;
                statements.Dispose();
                statements = null;
            }
        }
    }
}
