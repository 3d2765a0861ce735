using System.Diagnostics;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Knows whether another process listens, so that transactions cost nothing extra while none does. It looks four times a second at
/// most, only while this process writes, and beside the transactions: what it saw counts for <see cref="SqlChangeLog.Notice"/>.
/// </summary>
internal sealed class SqlAudience(SqlChangeLog log)
{
    /// <summary>After that it looks again, while what it saw still counts.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

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
            if (last is { } seen && seen.Age < log.Notice)
            {
                if (seen.Age > Pause)
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
    /// The same for a claim, which may take nothing: when nobody listened at the last look, the next is made once it has taken something.
    /// </summary>
    public ValueTask<Look> LookBeforeClaimAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (last is { HasListener: false } seen)
            {
                return ValueTask.FromResult(seen);
            }
        }

        return LookAsync(cancellation);
    }

    /// <summary>
    /// A transaction is committed. It is written down now if a listener has begun since the look, or if it took so long that none looks
    /// for its position any more.
    /// </summary>
    public async ValueTask CommittedAsync(Look before, RowSet rows, CancellationToken cancellation)
    {
        if (await IsToBeWrittenAsync(before, cancellation))
        {
            await WriteLateAsync(rows.AllChanges, cancellation);
        }
    }

    /// <summary>The same of changes that were not made by rows.</summary>
    public async ValueTask CommittedAsync(
        Look before,
        IReadOnlyList<WorkflowChange> changes,
        CancellationToken cancellation
    )
    {
        if (changes.Count > 0 && await IsToBeWrittenAsync(before, cancellation))
        {
            await WriteLateAsync(changes, cancellation);
        }
    }

    private async ValueTask<bool> IsToBeWrittenAsync(Look before, CancellationToken cancellation)
    {
        if (before.HasListener)
        {
            Written();
        }

        return (!before.HasListener || before.Age > Late) && (await LookAsync(cancellation)).HasListener;
    }

    private async Task WriteLateAsync(IReadOnlyList<WorkflowChange> changes, CancellationToken cancellation)
    {
        if (changes.Count > 0)
        {
            await log.WriteAsync(changes, cancellation);
            Written();
        }
    }

    private async Task<Look> LookAnewAsync(int number)
    {
        // The caller holds the lock.
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
    /// <param name="HasListener">Whether another process listens.</param>
    /// <param name="Began">When the look began.</param>
    public sealed record Look(bool HasListener, long Began)
    {
        /// <summary>How long ago that was.</summary>
        public TimeSpan Age => Stopwatch.GetElapsedTime(Began);
    }
}
