using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>The audit log. A search walks the index that fits: by target, by actor, or by time.</summary>
internal sealed class SqlAuditLog(ISqlDatabase database) : IAuditLog
{
    private const string InstantOf = """
        SELECT at
          FROM audit_log
         WHERE id = @id
        """;

    private const string Page = """
             AND at <= @until
             AND (at < @until OR id < @before)
             AND actor = coalesce(@actor, actor)
             AND target_kind = coalesce(@target_kind, target_kind)
             AND target_id = coalesce(@target_id, target_id)
             AND substr(action, 1, length(@action)) = @action
        ORDER BY at DESC, id DESC
           LIMIT @limit
        """;

    private static readonly string InsertNow = Insert("@now");

    private readonly string newest = Newest(database.Dialect);
    private readonly string ofActor = OfActor(database.Dialect);
    private readonly string ofTarget = OfTarget(database.Dialect);

    private readonly string insert = Insert(database.Dialect.Now);

    public Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.RunEachAsync(
                    insert,
                    [.. entries.Select(entry => ValuesOf(entry, session.Now))],
                    cancellation
                );
                return entries.Count;
            },
            cancellation
        );

    /// <summary>Appends the entries of a transaction, with the instant of its commit.</summary>
    public static Task WriteAsync(SqlSession session, RowSet rows, CancellationToken cancellation) =>
        session.RunEachAsync(InsertNow, [.. rows.Audit.Select(entry => ValuesOf(entry, rows.Now))], cancellation);

    public Task<IReadOnlyList<AuditRecord>> SearchAsync(AuditSearch search, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<AuditRecord>>(
            async session =>
            {
                var (until, before) = (search.To?.AddMicroseconds(-1) ?? DateTimeOffset.MaxValue, long.MaxValue);
                if (search.BeforeId is { } id)
                {
                    if (
                        await session.ReadAsync(InstantOf, row => row.Instant(), cancellation, ("@id", id))
                        is not [var at]
                    )
                    {
                        return [];
                    }

                    (until, before) = at <= until ? (at, id) : (until, before);
                }

                return await session.ReadAsync(
                    search switch
                    {
                        { TargetKind: not null, TargetId: not null } => ofTarget,
                        { Actor: not null } => ofActor,
                        _ => newest,
                    },
                    AccountRows.Audit,
                    cancellation,
                    ("@from", search.From ?? DateTimeOffset.MinValue),
                    ("@until", until),
                    ("@before", before),
                    ("@actor", search.Actor),
                    ("@target_kind", search.TargetKind),
                    ("@target_id", search.TargetId),
                    ("@action", search.ActionPrefix ?? ""),
                    ("@limit", search.Limit)
                );
            },
            cancellation
        );

    private static (string, object?)[] ValuesOf(AuditEntry entry, DateTimeOffset? now) =>
        [
            ("@now", now),
            ("@actor", entry.Actor),
            ("@user", entry.UserId),
            ("@api_key", entry.ApiKeyId),
            ("@address", entry.Address),
            ("@action", entry.Action),
            ("@target_kind", entry.TargetKind),
            ("@target_id", entry.TargetId),
            ("@outcome", entry.Outcome.ToName()),
            ("@before", entry.Before),
            ("@after", entry.After),
            ("@request", entry.RequestId),
        ];

    /// <summary>An INSERT of one entry.</summary>
    /// <param name="at">The expression for the instant.</param>
    private static string Insert(string at) =>
        $"""
            INSERT INTO audit_log (at, target_kind, target_id, {StoredValues.Audit})
            VALUES ({at}, @target_kind, @target_id, @actor, @user, @api_key, @address, @action, @outcome, @before, @after,
                    @request)
            """;

    internal static string Newest(SqlDialect dialect) =>
        $"""
              SELECT {AccountRows.AuditColumns}
                FROM audit_log {dialect.WalkedBy("audit_log_by_at")}
               WHERE at >= @from
            {Page}
            """;

    internal static string OfActor(SqlDialect dialect) =>
        $"""
              SELECT {AccountRows.AuditColumns}
                FROM audit_log {dialect.WalkedBy("audit_log_by_actor")}
               WHERE actor = @actor
                 AND at >= @from
            {Page}
            """;

    internal static string OfTarget(SqlDialect dialect) =>
        $"""
              SELECT {AccountRows.AuditColumns}
                FROM audit_log {dialect.WalkedBy("audit_log_by_target")}
               WHERE target_kind = @target_kind
                 AND target_id = @target_id
                 AND at >= @from
            {Page}
            """;
}
