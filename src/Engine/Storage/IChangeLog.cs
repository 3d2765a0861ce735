namespace GopherFlow.Storage;

/// <summary>
/// What each process commits, written down in the same transaction for the others to read, while any of them listens. Entries are kept
/// for <see cref="Kept"/>.
/// </summary>
public interface IChangeLog
{
    /// <summary>How long an entry can be read.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    /// <summary>How long after <see cref="ListenAsync"/> another process may still commit changes without writing them down.</summary>
    TimeSpan Notice { get; }

    /// <summary>How often to read, besides when <see cref="IWorkflowStore.ListenAsync"/> tells of new entries.</summary>
    TimeSpan ReadInterval { get; }

    /// <summary>Registers this process as a listener for a span, by the database's clock.</summary>
    /// <returns>Whether it has listened without interruption up to now.</returns>
    Task<bool> ListenAsync(TimeSpan time, CancellationToken cancellation);

    /// <summary>Says that this process listens no more.</summary>
    Task StopListeningAsync(CancellationToken cancellation);

    /// <summary>
    /// Reads the log. A higher position may become visible before a lower one, so positions are read again for a while.
    /// </summary>
    /// <param name="after">Positions above this are given.</param>
    /// <param name="read">Of those above this, what was written there as well.</param>
    /// <param name="limit">The most entries to read.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<LogPage> ReadAsync(long after, long read, int limit, CancellationToken cancellation);

    /// <summary>Deletes some of the entries that were kept long enough.</summary>
    Task ForgetAsync(CancellationToken cancellation);
}

/// <summary>A part of a change log.</summary>
/// <param name="Known">The positions that were to be given without their entries, in order.</param>
/// <param name="Entries">The entries after them, in order.</param>
public sealed record LogPage(IReadOnlyList<long> Known, IReadOnlyList<LogEntry> Entries);

/// <summary>What one transaction has changed.</summary>
/// <param name="Position">Its place in the log.</param>
/// <param name="Changes">The changes; none where this process has made them itself.</param>
public readonly record struct LogEntry(long Position, IReadOnlyList<WorkflowChange> Changes);

/// <summary>What a store reports of other processes.</summary>
/// <param name="Due">They have left something due.</param>
/// <param name="Changed">They have written to the <see cref="IChangeLog"/>.</param>
public sealed record StoreNews(Action<DueHint> Due, Action Changed);
