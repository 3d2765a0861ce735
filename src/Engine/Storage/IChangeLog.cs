namespace GopherFlow.Storage;

/// <summary>
/// A log of what each process commits, written in the same transaction and read by other processes. It is only written while another
/// process listens. Entries are kept for <see cref="Kept"/>.
/// </summary>
public interface IChangeLog
{
    /// <summary>How long an entry is kept.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    /// <summary>How long after <see cref="ListenAsync"/> another process may still commit changes without logging them.</summary>
    TimeSpan Notice { get; }

    /// <summary>How often to poll, in addition to reading when <see cref="IWorkflowStore.ListenAsync"/> reports new entries.</summary>
    TimeSpan ReadInterval { get; }

    /// <summary>Registers this process as a listener for a time span, by the database's clock.</summary>
    /// <returns>Whether it has been registered without interruption until now.</returns>
    Task<bool> ListenAsync(TimeSpan time, CancellationToken cancellation);

    /// <summary>Unregisters this process as a listener.</summary>
    Task StopListeningAsync(CancellationToken cancellation);

    /// <summary>
    /// Reads the log. A higher position may become visible before a lower one, so positions are read again for a while.
    /// </summary>
    /// <param name="after">Only positions above this one are returned.</param>
    /// <param name="read">Positions up to this one are returned without their entries, because most of these were read before.</param>
    /// <param name="limit">The maximum number of entries to read.</param>
    /// <param name="cancellation">Cancels the call.</param>
    Task<LogPage> ReadAsync(long after, long read, int limit, CancellationToken cancellation);

    /// <summary>Deletes some of the entries that are older than <see cref="Kept"/>.</summary>
    Task ForgetAsync(CancellationToken cancellation);
}

/// <summary>A page of the change log.</summary>
/// <param name="Known">The positions that were requested without their entries, in order.</param>
/// <param name="Entries">The entries after them, in order.</param>
public sealed record LogPage(IReadOnlyList<long> Known, IReadOnlyList<LogEntry> Entries);

/// <summary>The changes of one transaction.</summary>
/// <param name="Position">Its position in the log.</param>
/// <param name="Changes">The changes; empty if this process made them itself.</param>
public readonly record struct LogEntry(long Position, IReadOnlyList<WorkflowChange> Changes);

/// <summary>The callbacks for what a store learns about other processes.</summary>
/// <param name="Due">They have made something due.</param>
/// <param name="Changed">They have written to the <see cref="IChangeLog"/>.</param>
public sealed record StoreNews(Action<DueHint> Due, Action Changed);
