using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Inserts new workflows. Ids are assigned in the order of the batch, but rows are inserted in the order of their external ids, so that two
/// such statements cannot deadlock.
/// </summary>
internal static class PostgresCreating
{
    private static readonly PostgresColumns Identity = new(StoredValues.Identity);

    private static readonly PostgresColumns New = Identity.And(
        new($"{StoredValues.Standing}, state, lease, due, actor, changes, state_vars")
    );

    private static readonly PostgresColumns Audit = new($"audit_{StoredValues.Audit}");

    private static readonly string InsertIdentities = $"""
        INSERT INTO workflow (id, {Identity.Names})
          SELECT id, {Identity.Names}
            FROM member
        ORDER BY external_id COLLATE "C"
        """;

    private static readonly string Identify = $"""
        WITH member AS MATERIALIZED (
            SELECT nextval('workflow_id_seq') AS id, given.*
              FROM {Identity.AsGivenInOrder}
        ), identified AS (
            {InsertIdentities}
        )
          SELECT id
            FROM member
        ORDER BY place
        """;

    private static readonly string Create = CreateOf(New);

    private static readonly string CreateWithAudit = CreateOf(
        New.And(Audit),
        $"""
        , audited AS (
            INSERT INTO audit_log (at, target_kind, target_id, {StoredValues.Audit})
            SELECT created, '{AuditEntry.OfWorkflow}', id::text, {Audit.Names}
              FROM member
             WHERE audit_actor IS NOT NULL
        )
        """
    );

    /// <summary>A single statement that inserts everything, for creates that do not need the new ids in between.</summary>
    /// <param name="columns">The columns of the new workflows.</param>
    /// <param name="besides">Further inserts.</param>
    private static string CreateOf(PostgresColumns columns, string besides = "") =>
        $"""
            WITH member AS MATERIALIZED (
                SELECT nextval('workflow_id_seq') AS id, given.*
                  FROM {columns.AsGivenInOrder}
            ), identified AS (
                {InsertIdentities}
            ), running AS (
                INSERT INTO workflow_run
                       (id, workflow_type, version, executor_group, priority, status, state, step, retry_count, execution_count,
                        lease, revision, executor_id, modified, next_activation, permit, limit_key, open_children, awaits_children,
                        woken)
                SELECT id, workflow_type, version, executor_group, priority, status, state, 0, 0, 0,
                       lease, 0, executor_id, created, next_activation, permit, limit_key, 0, false, false
                  FROM member
            ), variables AS (
                INSERT INTO workflow_variables (workflow_id, state_vars)
                SELECT id, state_vars
                  FROM member
                 WHERE state_vars IS NOT NULL
            ), history AS (
                INSERT INTO workflow_actions
                       (workflow_id, kind, to_state, status, step, execution_count, retry_count, due, actor, changes, date_time)
                SELECT id, 'CREATED', state, status, 0, 0, 0, due, actor, changes, created
                  FROM member
            ){besides}
              SELECT id
                FROM member
            ORDER BY place
            """;

    /// <summary>Adds a statement that inserts all rows of new workflows without a parent; it returns their ids.</summary>
    public static void AddCreates(this NpgsqlBatch batch, RowSet rows)
    {
        if (rows.Creates.Exists(create => create.Audit is not null))
        {
            batch.Add(
                CreateWithAudit,
                rows.Creates,
                static (row, create) => row.WithNew(create).WithAudit(create.Audit)
            );
        }
        else
        {
            batch.Add(Create, rows.Creates, static (row, create) => row.WithNew(create));
        }
    }

    /// <summary>Adds a statement that inserts the identities of new workflows; it returns their ids.</summary>
    public static void AddIdentities(this NpgsqlBatch batch, IReadOnlyList<NewRow> creates) =>
        batch.Add(Identify, creates, static (row, create) => row.WithIdentity(create));

    private static PostgresArrays WithNew(this PostgresArrays to, NewRow create) =>
        to.WithIdentity(create)
            .WithStanding(create.Row)
            .With(create.Row.State)
            .With(create.Row.Lease)
            .With(create.History.Due)
            .With(create.History.Actor)
            .With(create.History.Changes)
            .With(create.Row.StateVars == Variables.EmptyJson ? null : create.Row.StateVars);

    /// <summary>Assigns the ids that either statement has returned.</summary>
    public static void Assign(this IReadOnlyList<NewRow> creates, List<long> ids)
    {
        for (var index = 0; index < creates.Count; index++)
        {
            creates[index].Assign(ids[index]);
        }
    }
}
