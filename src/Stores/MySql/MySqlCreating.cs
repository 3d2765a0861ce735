using GopherFlow.Rules;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Inserts new workflows and assigns their ids.</summary>
internal static class MySqlCreating
{
    private const string InsertIdentities = $"INSERT INTO workflow ({StoredValues.Identity})";

    private const string InsertAudit = $"INSERT INTO audit_log (at, target_kind, target_id, {StoredValues.Audit})";

    /// <summary>Returns the first id and the increment.</summary>
    private const string SelectNewIds = "SELECT LAST_INSERT_ID(), @@auto_increment_increment";

    /// <summary>
    /// The same for a Galera cluster, where the increment is the number of servers, which may change within a transaction.
    /// </summary>
    private const string SelectNewIdsInCluster = """
        SELECT LAST_INSERT_ID(),
               coalesce((SELECT (w.id - LAST_INSERT_ID()) DIV @steps
                           FROM workflow AS w
                          WHERE w.external_id = CAST(@last AS BINARY)), 1)
        """;

    /// <summary>
    /// Fails unless the ids are those that other statements in the batch have computed, see <see cref="MySqlValues.WithNewId"/>.
    /// </summary>
    private const string ExpectNewIds = """
        SELECT IF(count(*) = 1, 0, (SELECT 1 UNION ALL SELECT 2))
          FROM workflow AS w
         WHERE w.external_id = CAST(@last AS BINARY)
           AND w.id = LAST_INSERT_ID() + @steps * @@auto_increment_increment
        """;

    /// <summary>
    /// Adds statements that insert the identities of new workflows. <see cref="NewIds"/> reads the result.
    /// </summary>
    public static void AddIdentities(this MySqlStatements batch, IReadOnlyList<NewRow> creates)
    {
        var insert = new MySqlValues(batch, InsertIdentities);
        foreach (var create in creates)
        {
            insert.Row().WithIdentity(create);
        }

        insert.End();
        if (batch.IsInCluster)
        {
            batch.Statement(SelectNewIdsInCluster).WithLast(creates);
        }
        else
        {
            batch.Statement(SelectNewIds);
        }
    }

    /// <summary>
    /// In a cluster, adds a statement that fails the batch unless the new workflows have the ids that its statements have computed. It uses
    /// LAST_INSERT_ID, so it must come before the history.
    /// </summary>
    public static void AddExpectedIds(this MySqlStatements batch, IReadOnlyList<NewRow> creates)
    {
        if (batch.IsInCluster && creates.Count > 1)
        {
            batch.Statement(ExpectNewIds).WithLast(creates);
        }
    }

    /// <summary>Adds the audit log entries of new workflows. This changes the value of LAST_INSERT_ID.</summary>
    public static void AddAudit(this MySqlStatements batch, RowSet rows)
    {
        var audited = rows.Creates.FindAll(create => create.Audit is not null);
        if (audited.Count == 0)
        {
            return;
        }

        var insert = new MySqlValues(batch, InsertAudit);
        foreach (var create in audited)
        {
            insert
                .Row()
                .With(rows.Now)
                .With(AuditEntry.OfWorkflow)
                .WithIdOf(create.Row.ExternalId)
                .WithAudit(create.Audit);
        }

        insert.End();
    }

    /// <summary>Reads the first id and the increment.</summary>
    public static (long First, long Increment) NewIds(IStoredRow row) => (row.Number(), row.Number());

    private static void WithLast(this MySqlBatchCommand statement, IReadOnlyList<NewRow> creates) =>
        statement
            .With("@steps", creates.Count > 1 ? creates.Count - 1L : null)
            .With("@last", creates[^1].Row.ExternalId);

    /// <summary>Assigns the ids from the database to new workflows.</summary>
    public static void Assign(this IReadOnlyList<NewRow> creates, List<(long First, long Increment)> ids)
    {
        for (var place = 0; place < creates.Count; place++)
        {
            creates[place].Assign(ids[0].First + (place * ids[0].Increment));
        }
    }
}
