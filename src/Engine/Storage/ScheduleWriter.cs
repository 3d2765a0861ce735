namespace GopherFlow.Storage;

/// <summary>Writes the turns of schedules, for every store, with the same <see cref="StoreWriter"/> as all other batches.</summary>
internal sealed class ScheduleWriter(IRowStore rows)
{
    private readonly StoreWriter writer = new(rows);

    /// <summary>Changes a schedule and creates its runs.</summary>
    public async Task<ScheduleWriteResult> WriteAsync(ScheduleWrite write, CancellationToken cancellation)
    {
        try
        {
            return await rows.InTransactionAsync(
                transaction => WriteAsync(transaction, write, cancellation),
                cancellation
            );
        }
        catch (ScheduleMovedException)
        {
            return new ScheduleWriteResult(null, [], []);
        }
    }

    /// <summary>The schedule is locked first, so that only one of two executors creates runs.</summary>
    private async Task<ScheduleWriteResult> WriteAsync(
        IRowTransaction transaction,
        ScheduleWrite write,
        CancellationToken cancellation
    )
    {
        if (!await transaction.TakeScheduleAsync(write.After.Name, write.Revision, cancellation))
        {
            throw new ScheduleMovedException();
        }

        var created =
            write.Creates.Count == 0
                ? new WriteResult([], [], [])
                : await writer.WriteLockedAsync(
                    transaction,
                    new WriteBatch(write.Creates, [], ExecutorId: null, write.Now),
                    cancellation
                );
        var schedule = write.After with
        {
            Position = write.After.Position.With([.. created.Creates.Select(outcome => outcome.Id)]),
            Revision = write.Revision + 1,
        };
        await transaction.WriteScheduleAsync(schedule, cancellation);
        return new ScheduleWriteResult(schedule, created.Creates, created.Changes);
    }

    /// <summary>Thrown to roll the transaction back.</summary>
    private sealed class ScheduleMovedException : Exception;
}
