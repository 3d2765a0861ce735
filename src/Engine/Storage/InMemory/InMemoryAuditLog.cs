using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>The audit log in memory.</summary>
internal sealed class InMemoryAuditLog(TimeProvider clock) : IAuditLog
{
    private readonly Lock gate = new();
    private readonly List<AuditRecord> records = [];
    private long lastId;

    public Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            Append(entries, clock.GetUtcNow().AsStored());
            return true;
        });

    /// <summary>Appends the entries of a transaction.</summary>
    public void Write(RowSet rows)
    {
        lock (gate)
        {
            Append(rows.Audit, rows.Now);
        }
    }

    public Task<IReadOnlyList<AuditRecord>> SearchAsync(AuditSearch search, CancellationToken cancellation) =>
        gate.Locked<IReadOnlyList<AuditRecord>>(() =>
            [
                .. records
                    .OrderByDescending(Place)
                    .SkipWhile(record => search.BeforeId is { } before && record.Id != before)
                    .Where(record => record.Id != search.BeforeId && Matches(record, search))
                    .Take(search.Limit),
            ]
        );

    public int DeleteBefore(DateTimeOffset instant, int limit)
    {
        lock (gate)
        {
            var old = records.Where(record => record.At < instant).Take(limit).ToHashSet();
            return records.RemoveAll(old.Contains);
        }
    }

    private void Append(IReadOnlyList<AuditEntry> entries, DateTimeOffset at) =>
        records.AddRange(entries.Select(entry => new AuditRecord(++lastId, at, entry)));

    private static (DateTimeOffset, long) Place(AuditRecord record) => (record.At, record.Id);

    private static bool Matches(AuditRecord record, AuditSearch search) =>
        (search.Actor is null || record.Entry.Actor == search.Actor)
        && (search.TargetKind is null || record.Entry.TargetKind == search.TargetKind)
        && (search.TargetId is null || record.Entry.TargetId == search.TargetId)
        && (
            search.ActionPrefix is null || record.Entry.Action.StartsWith(search.ActionPrefix, StringComparison.Ordinal)
        )
        && (search.From is null || record.At >= search.From)
        && (search.To is null || record.At < search.To);
}
