using GopherFlow.Rules;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Writes the history and the variables of workflows that have their ids.</summary>
internal static class PostgresHistory
{
    private const string InsertActions = """
        INSERT INTO workflow_actions
               (workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time)
          SELECT workflow_id, executor_id, execution_count, retry_count, type, name, text, $8
            FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[])
                 WITH ORDINALITY
              AS given (workflow_id, executor_id, execution_count, retry_count, type, name, text, place)
        ORDER BY place
        """;

    private const string SetVariables = """
        INSERT INTO workflow_variables (workflow_id, state_vars)
        SELECT *
          FROM unnest($1::bigint[], $2::text[])
            ON CONFLICT (workflow_id) DO UPDATE SET state_vars = excluded.state_vars
        """;

    /// <summary>Adds lines to histories, in their order.</summary>
    public static void AddHistory(this NpgsqlBatch batch, RowSet rows)
    {
        var history = rows.History;
        if (history.Count > 0)
        {
            batch
                .Statement(InsertActions)
                .With(history.Column(row => row.WorkflowId))
                .With(history.Column(row => rows.AuthorOf(row.Entry)))
                .With(history.Column(row => row.Entry.ExecutionCount))
                .With(history.Column(row => row.Entry.RetryCount))
                .With(history.Column(row => row.Entry.Type))
                .With(history.Column(row => ActionTexts.Storable(row.Entry.Name)))
                .With(history.Column(row => ActionTexts.Storable(row.Entry.Text)))
                .With(rows.Now);
        }
    }

    /// <summary>Sets variables. Whoever does so has locked the workflow.</summary>
    public static void AddVariables(this NpgsqlBatch batch, RowSet rows)
    {
        if (rows.Variables.Count > 0)
        {
            KeyValuePair<long, string>[] variables = [.. rows.Variables];
            batch
                .Statement(SetVariables)
                .With(variables.Column(pair => pair.Key))
                .With(variables.Column(pair => pair.Value));
        }
    }
}
