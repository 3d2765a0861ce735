using System.Diagnostics;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Knows whether another process listens, so that a transaction costs nothing more while nobody does. It looks twice a second at most, and
/// only while this process writes.
/// </summary>
internal sealed class SqlAudience(SqlChangeLog log)
{
    /// <summary>What was seen longer ago is not relied on.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);

    /// <summary>A transaction is written down by then, or once more: a reader looks for a late one only for some time.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Look? last;
    private Task<Look>? looking;
    private int looks;

    /// <summary>Called when an entry is committed.</summary>
    public Action Written { get; init; } = static () => { };

    /// <summary>Somebody has begun to listen: what was seen before no longer counts.</summary>
    public void Forget()
    {
        lock (gate)
        {
            (last, looking, looks) = (null, null, looks + 1);
        }
    }

    /// <summary>Whether a transaction that is about to be written is to be written down.</summary>
    public async ValueTask<Look> LookAsync(CancellationToken cancellation)
    {
        Task<Look> look;
        lock (gate)
        {
            if (last is { } seen && seen.Age < Fresh)
            {
                if (seen.Age > Fresh / 2)
                {
                    looking ??= LookAnewAsync(looks);
                }

                return seen;
            }

            look = looking ??= LookAnewAsync(looks);
        }

        return await look.WaitAsync(cancellation);
    }

    /// <summary>
    /// A transaction is committed. One that took so long that a listener may have begun meanwhile, or no longer looks for it, is written
    /// down now.
    /// </summary>
    public Task CommittedAsync(Look before, RowSet rows, CancellationToken cancellation) =>
        before.IsHeard || before.Age > log.Notice
            ? CommittedAsync(before, rows.AllChanges, cancellation)
            : Task.CompletedTask;

    /// <summary>The same of changes that were not made by rows.</summary>
    public Task CommittedAsync(Look before, IReadOnlyList<WorkflowChange> changes, CancellationToken cancellation)
    {
        if (before.IsHeard && changes.Count > 0)
        {
            Written();
        }

        return before.Age <= (before.IsHeard ? Late : log.Notice) || changes.Count == 0
            ? Task.CompletedTask
            : WriteLateAsync(changes, cancellation);
    }

    private async Task WriteLateAsync(IReadOnlyList<WorkflowChange> changes, CancellationToken cancellation)
    {
        if (await log.IsHeardAsync(cancellation))
        {
            await log.WriteAsync(changes, cancellation);
            Written();
        }
    }

    private async Task<Look> LookAnewAsync(int number)
    {
        // Whoever has called holds the lock.
        await Task.Yield();
        Look? look = null;
        try
        {
            var began = Stopwatch.GetTimestamp();
            return look = new Look(await log.IsHeardAsync(CancellationToken.None), began);
        }
        finally
        {
            lock (gate)
            {
                if (number == looks)
                {
                    (last, looking) = (look ?? last, null);
                }
            }
        }
    }

    /// <summary>What was seen.</summary>
    /// <param name="IsHeard">Whether another process listens.</param>
    /// <param name="Began">When the look began.</param>
    public sealed record Look(bool IsHeard, long Began)
    {
        /// <summary>How long ago that was.</summary>
        public TimeSpan Age => Stopwatch.GetElapsedTime(Began);
    }
}
