using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Records the changes of transactions in the change log for listening processes.</summary>
internal sealed class PostgresChanges
{
    /// <summary>New workflows are looked up one by one, so that the planner has to use the index.</summary>
    internal const string Insert = """
        INSERT INTO workflow_changes (sender, written, content, new_ids)
        SELECT $1, coalesce($2, clock_timestamp()), $3,
               (SELECT string_agg(
                           (SELECT w.id
                              FROM workflow AS w
                             WHERE w.external_id = created.external_id)::text, ',' ORDER BY created.place)
                  FROM unnest($4::text[]) WITH ORDINALITY AS created (external_id, place))
        """;

    /// <summary>Records the workflows that a claim in the same batch has taken. A claim does not change the state.</summary>
    private const string InsertClaimed = """
        INSERT INTO workflow_changes (sender, written, content)
        SELECT $1, coalesce($2, clock_timestamp()),
               json_agg(json_build_array(r.id, r.workflow_type, r.version, r.executor_group, r.status, r.state, r.state,
                                         w.parent_workflow_id, r.lease, r.revision, r.execution_count, r.retry_count,
                                         r.open_children, r.executor_id, NULL, $3))::text
          FROM workflow_run AS r
          JOIN workflow AS w ON w.id = ANY (ARRAY[r.id])
         WHERE r.id = ANY (string_to_array(current_setting('gopherflow.claimed'), ',')::bigint[])
        HAVING count(*) > 0
        """;

    private readonly PostgresDatabase database;

    public PostgresChanges(PostgresDatabase database, PostgresHints hints, TimeProvider? clock)
    {
        this.database = database;
        Log = new PostgresChangeLog(new PostgresSessions(database.Keeper, clock), hints);
        Audience = new SqlAudience(Log) { Written = hints.NotifyChanges };
    }

    /// <summary>The change log.</summary>
    public SqlChangeLog Log { get; }

    /// <summary>The processes that listen.</summary>
    public SqlAudience Audience { get; }

    /// <summary>Adds a statement that records changes. It must be the last statement before the commit.</summary>
    /// <param name="batch">The batch to which the statement is added.</param>
    /// <param name="changes">The changes, those of creates first.</param>
    /// <param name="creates">The new workflows that have no id yet.</param>
    public void Add(NpgsqlBatch batch, IReadOnlyList<WorkflowChange> changes, IReadOnlyList<NewRow> creates)
    {
        if (changes.Count > 0)
        {
            batch
                .Statement(Insert)
                .With(Log.Self)
                .WithOptional(database.Now)
                .With(ChangeText.Of(changes))
                .With(creates.Select(create => create.Row.ExternalId).ToArray());
        }
    }

    /// <summary>Adds a statement that records the workflows that the claim in the batch has taken.</summary>
    public void AddClaimed(NpgsqlBatch batch, DateTimeOffset modified) =>
        batch
            .Statement(InsertClaimed)
            .With(Log.Self)
            .WithOptional(database.Now)
            .With(SqlDialect.Microseconds(modified));
}
