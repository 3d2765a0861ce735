using System.Diagnostics;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Knows whether another process listens, so that transactions cost nothing extra while none does. It checks at most four times a second,
/// only while this process writes, and outside the transactions. A result is valid for <see cref="SqlChangeLog.Notice"/>.
/// </summary>
internal sealed class SqlAudience(SqlChangeLog log)
{
    /// <summary>The age at which a result is renewed although it is still valid.</summary>
    private static readonly TimeSpan RenewalAge = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// If a commit takes longer, its changes are logged once more, because readers look for a late position only for a limited time.
    /// </summary>
    private static readonly TimeSpan LateAfter = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Look? last;
    private Task<Look>? pending;
    private int checks;

    /// <summary>Called when an entry is committed.</summary>
    public Action Written { get; init; } = static () => { };

    /// <summary>Drops earlier results, because a process has begun to listen.</summary>
    public void Forget()
    {
        lock (gate)
        {
            (last, pending, checks) = (null, null, checks + 1);
        }
    }

    /// <summary>Finds out whether a transaction that is about to be written must be logged.</summary>
    public async ValueTask<Look> LookAsync(CancellationToken cancellation)
    {
        Task<Look> look;
        lock (gate)
        {
            if (last is { } seen && seen.Age < log.Notice)
            {
                if (seen.Age > RenewalAge)
                {
                    pending ??= CheckAsync(checks);
                }

                return seen;
            }

            look = pending ??= CheckAsync(checks);
        }

        return await look.WaitAsync(cancellation);
    }

    /// <summary>
    /// The same for a claim, which may take nothing: if the last check found no listener, the next one is made only after something was
    /// taken.
    /// </summary>
    public ValueTask<Look> CheckListenersBeforeClaimAsync(CancellationToken cancellation)
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
    /// Must be called after the commit of a transaction. Logs its changes now if a process has begun to listen since the check, or if the
    /// commit took so long that readers no longer look for its position.
    /// </summary>
    public async ValueTask CommittedAsync(Look before, RowSet rows, CancellationToken cancellation)
    {
        if (await IsToBeWrittenAsync(before, cancellation))
        {
            await WriteLateAsync(rows.AllChanges, cancellation);
        }
    }

    /// <summary>The same for changes that were not written as a <see cref="RowSet"/>.</summary>
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

        return (!before.HasListener || before.Age > LateAfter) && (await LookAsync(cancellation)).HasListener;
    }

    private async Task WriteLateAsync(IReadOnlyList<WorkflowChange> changes, CancellationToken cancellation)
    {
        if (changes.Count > 0)
        {
            await log.WriteAsync(changes, cancellation);
            Written();
        }
    }

    private async Task<Look> CheckAsync(int number)
    {
        // The caller holds the lock; yield, so that it can release it before the query starts.
        await Task.Yield();
        Look? look = null;
        try
        {
            var began = Stopwatch.GetTimestamp();
            return look = new Look(await log.HasOtherListenersAsync(CancellationToken.None), began);
        }
        finally
        {
            lock (gate)
            {
                if (number == checks)
                {
                    (last, pending) = (look ?? last, null);
                }
            }
        }
    }

    /// <summary>The result of a check.</summary>
    /// <param name="HasListener">Whether another process listens.</param>
    /// <param name="Began">When the check began.</param>
    public sealed record Look(bool HasListener, long Began)
    {
        /// <summary>How long ago the check began.</summary>
        public TimeSpan Age => Stopwatch.GetElapsedTime(Began);
    }
}
