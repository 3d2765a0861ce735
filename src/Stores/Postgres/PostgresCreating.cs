using GopherFlow.Authoring;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Creates workflows that nobody's step asks for, all of a batch in one statement.</summary>
internal static class PostgresCreating
{
    /// <summary>
    /// Ids are given in the order of the batch; the rows go in by external id, so that two such statements never wait for each
    /// other in a circle. The test in parentheses keeps the planner from joining, for it cannot know how many there are.
    /// </summary>
    private const string CreateAll = $"""
        WITH member AS MATERIALIZED (
              SELECT nextval('workflow_id_seq') AS id, given.*
                FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[],
                            $8::bigint[], $9::timestamptz[], $10::text[], $11::text[]) WITH ORDINALITY
                  AS given (external_id, workflow_type, version, business_key, executor_group, priority, state,
                            executor_id, next_activation, state_vars, created_text, number)
        ), inserted AS (
            INSERT INTO workflow
                   (id, external_id, workflow_type, version, business_key, executor_group, priority, status,
                    state, lease, executor_id, created, modified, next_activation)
              SELECT id, external_id, workflow_type, version, business_key, executor_group, priority,
                     CASE WHEN executor_id IS NULL THEN 'NEW' ELSE 'EXECUTING' END,
                     state,
                     CASE WHEN executor_id IS NULL THEN 0 ELSE 1 END,
                     executor_id, $12, $12,
                     CASE WHEN executor_id IS NULL THEN next_activation END
                FROM member
            ORDER BY external_id COLLATE "C", number
                  ON CONFLICT (external_id) DO NOTHING
           RETURNING id
        ), created AS MATERIALIZED (
            SELECT *
              FROM member
             WHERE (id IN (SELECT id FROM inserted)) IS TRUE
        ), variables AS (
            INSERT INTO workflow_variables (workflow_id, state_vars)
            SELECT id, state_vars
              FROM created
             WHERE state_vars IS NOT NULL
        ), history AS (
            INSERT INTO workflow_actions (workflow_id, execution_count, retry_count, type, name, text, date_time)
              SELECT id, 0, 0, '{ActionTypes.Created}', state, created_text, $12
                FROM created
            ORDER BY id
        ), counted AS (
            INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
              SELECT workflow_type, version, state, CASE WHEN executor_id IS NULL THEN 'NEW' ELSE 'EXECUTING' END,
                     {PostgresCounts.SlotOfNew}, count(*)
                FROM created
            GROUP BY 1, 2, 3, 4
            ORDER BY 1, 2, 3, 4
            {PostgresCounts.AddToSlot}
        )
        SELECT number, id
          FROM created
        """;

    private const string IdsOf = """
        SELECT external_id, id
          FROM workflow
         WHERE external_id = ANY ($1)
        """;

    /// <summary>Adds the statement; its rows are read by <see cref="ReadCreated"/>.</summary>
    public static void AddCreates(this NpgsqlBatch batch, IReadOnlyList<NewWorkflow> creates, DateTimeOffset now) =>
        batch
            .Statement(CreateAll)
            .With(creates.Column(create => create.ExternalId))
            .With(creates.Column(create => create.WorkflowType))
            .With(creates.Column(create => create.Version))
            .With(creates.Column(create => create.BusinessKey))
            .With(creates.Column(create => create.ExecutorGroup))
            .With(creates.Column(create => create.Priority))
            .With(creates.Column(create => create.State))
            .With(creates.Column(create => create.ClaimedBy))
            .With(creates.Column(create => create.NextActivation))
            .With(creates.Column(create => create.StateVars == Variables.EmptyJson ? null : create.StateVars))
            .With(creates.Column(create => create.CreatedText.WithoutNul()))
            .With(now);

    /// <summary>The ids of the members that are new, by their place in the batch.</summary>
    public static async Task<Dictionary<int, long>> ReadCreated(
        this NpgsqlDataReader reader,
        CancellationToken cancellation
    ) =>
        (
            await reader.ReadAllAsync(row => KeyValuePair.Create((int)row.Number() - 1, row.Number()), cancellation)
        ).ToDictionary();

    /// <summary>What became of each; those that were there before are looked up.</summary>
    public static async Task<CreateOutcome[]> OutcomesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<NewWorkflow> creates,
        Dictionary<int, long> created,
        CancellationToken cancellation
    )
    {
        var existing = new Dictionary<string, long>(StringComparer.Ordinal);
        if (created.Count < creates.Count)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.Statement(IdsOf).With(creates.Column(create => create.ExternalId));
            existing = (
                await batch.ReadAllAsync(row => KeyValuePair.Create(row.Text(), row.Number()), cancellation)
            ).ToDictionary(StringComparer.Ordinal);
        }

        return
        [
            .. creates.Select(
                (create, index) =>
                    created.TryGetValue(index, out var id)
                        ? new CreateOutcome(id, Existed: false)
                        : new CreateOutcome(existing[create.ExternalId], Existed: true)
            ),
        ];
    }

    /// <summary>The change that a create or a child is.</summary>
    public static WorkflowChange ChangeOf(this NewWorkflow create, long id, long? parentId, DateTimeOffset now) =>
        new(
            id,
            create.WorkflowType,
            create.Version,
            create.ExecutorGroup,
            create.ClaimedBy is null ? WorkflowStatus.New : WorkflowStatus.Executing,
            create.State,
            PreviousState: null,
            parentId,
            Lease: create.ClaimedBy is null ? 0 : 1,
            create.ClaimedBy is null ? create.NextActivation : null,
            now
        );

    /// <summary>One field of all members, as the array that a statement unnests.</summary>
    public static TField[] Column<TMember, TField>(this IReadOnlyList<TMember> members, Func<TMember, TField> field)
    {
        var column = new TField[members.Count];
        for (var index = 0; index < column.Length; index++)
        {
            column[index] = field(members[index]);
        }

        return column;
    }

    /// <summary>PostgreSQL has no place for the character NUL in a text; an exception's message must not fail for it.</summary>
    public static string WithoutNul(this string text) => text.Replace('\0', '\uFFFD');
}
