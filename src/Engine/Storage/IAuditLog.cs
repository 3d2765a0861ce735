using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// A log of what people and their API keys have changed, and of what was refused. Entries never change; old ones are deleted.
/// </summary>
public interface IAuditLog
{
    /// <summary>Appends entries in this order, in one transaction, with the time of the database's clock.</summary>
    Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellation);

    /// <summary>A page of the log, newest entry first.</summary>
    Task<IReadOnlyList<AuditRecord>> SearchAsync(AuditSearch search, CancellationToken cancellation);
}
