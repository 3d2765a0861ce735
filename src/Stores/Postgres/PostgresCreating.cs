using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Inserts new workflows. Ids are given in the order of the batch; the rows go in by external id, so that two such statements never
/// wait for each other in a circle.
/// </summary>
internal static class PostgresCreating
{
    private const string InsertIdentities = """
        INSERT INTO workflow (id, external_id, workflow_type, business_key, parent_workflow_id, created, token)
          SELECT id, external_id, workflow_type, business_key, parent_workflow_id, created, token
            FROM member
        ORDER BY external_id COLLATE "C"
        """;

    private const string Identify = $"""
        WITH member AS MATERIALIZED (
            SELECT nextval('workflow_id_seq') AS id, given.*
              FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::bigint[]) WITH ORDINALITY
                AS given (external_id, workflow_type, business_key, parent_workflow_id, created, token, number)
        ), identified AS (
            {InsertIdentities}
        )
          SELECT id
            FROM member
        ORDER BY number
        """;

    /// <summary>One statement does it all where nothing has to be known of the new ids in between.</summary>
    private const string Create = $"""
        WITH member AS MATERIALIZED (
            SELECT nextval('workflow_id_seq') AS id, $12::timestamptz AS created, NULL::bigint AS parent_workflow_id, given.*
              FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::integer[],
                          $8::text[], $9::text[], $10::bigint[], $11::timestamptz[], $13::bigint[], $14::text[], $15::text[])
                   WITH ORDINALITY
                AS given (external_id, workflow_type, business_key, token, version, executor_group, priority,
                          status, state, executor_id, next_activation, lease, created_text, state_vars, number)
        ), identified AS (
            {InsertIdentities}
        ), running AS (
            INSERT INTO workflow_run
                   (id, workflow_type, version, executor_group, priority, status, state, step, retry_count, execution_count,
                    lease, revision, executor_id, modified, next_activation, open_children, awaits_children, woken)
            SELECT id, workflow_type, version, executor_group, priority, status, state, 0, 0, 0,
                   lease, 0, executor_id, created, next_activation, 0, false, false
              FROM member
        ), variables AS (
            INSERT INTO workflow_variables (workflow_id, state_vars)
            SELECT id, state_vars
              FROM member
             WHERE state_vars IS NOT NULL
        ), history AS (
            INSERT INTO workflow_actions (workflow_id, execution_count, retry_count, type, name, text, date_time)
            SELECT id, 0, 0, $16, state, created_text, created
              FROM member
        )
          SELECT id
            FROM member
        ORDER BY number
        """;

    /// <summary>Adds a statement that inserts everything of the new workflows, which have no parent; its rows are their ids.</summary>
    public static void AddCreates(this NpgsqlBatch batch, RowSet rows)
    {
        var creates = rows.Creates;
        batch
            .Statement(Create)
            .With(creates.Column(create => create.Row.ExternalId))
            .With(creates.Column(create => create.Row.WorkflowType))
            .With(creates.Column(create => create.Row.BusinessKey))
            .With(creates.Column(create => create.Token))
            .With(creates.Column(create => create.Row.Version))
            .With(creates.Column(create => create.Row.ExecutorGroup))
            .With(creates.Column(create => create.Row.Priority))
            .With(creates.Column(create => create.Row.Status.ToName()))
            .With(creates.Column(create => create.Row.State))
            .With(creates.Column(create => create.Row.ExecutorId))
            .With(creates.Column(create => create.Row.NextActivation))
            .With(rows.Now)
            .With(creates.Column(create => create.Row.Lease))
            .With(creates.Column(create => ActionTexts.Storable(create.History.Text)))
            .With(creates.Column(create => create.Row.StateVars == Variables.EmptyJson ? null : create.Row.StateVars))
            .With(ActionTypes.Created);
    }

    /// <summary>Adds a statement that gives new workflows their ids and their external ids; its rows are the ids.</summary>
    public static void AddIdentities(this NpgsqlBatch batch, IReadOnlyList<NewRow> creates) =>
        batch
            .Statement(Identify)
            .With(creates.Column(create => create.Row.ExternalId))
            .With(creates.Column(create => create.Row.WorkflowType))
            .With(creates.Column(create => create.Row.BusinessKey))
            .With(creates.Column(create => create.Row.ParentWorkflowId))
            .With(creates.Column(create => create.Row.Created))
            .With(creates.Column(create => create.Token));

    /// <summary>Gives new workflows the ids that either statement has given.</summary>
    public static void Assign(this IReadOnlyList<NewRow> creates, List<long> ids)
    {
        for (var index = 0; index < creates.Count; index++)
        {
            creates[index].Assign(ids[index]);
        }
    }
}
