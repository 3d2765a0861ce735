using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>What people and their keys have changed, and who was refused. Entries are written once, and go when they are old.</summary>
public interface IAuditLog
{
    /// <summary>Appends entries in this order, in one transaction; the instant is that of the database's clock.</summary>
    Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellation);

    /// <summary>A page of the log, the newest entry first.</summary>
    Task<IReadOnlyList<AuditRecord>> SearchAsync(AuditSearch search, CancellationToken cancellation);
}
