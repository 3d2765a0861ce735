using GopherFlow.Rules;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Writes the history and the variables of workflows that already have ids.</summary>
internal static class PostgresHistory
{
    private static readonly PostgresColumns Actions = new(StoredValues.Action);

    private static readonly PostgresColumns PlainActions = new(StoredValues.PlainAction);

    private static readonly string InsertPlain = $"""
        INSERT INTO workflow_actions ({PlainActions.Names})
          SELECT {PlainActions.Names}
            FROM {PlainActions.AsGivenInOrder}
        ORDER BY place
        """;

    private static readonly string InsertActions = $"""
        INSERT INTO workflow_actions ({Actions.Names})
          SELECT {Actions.Names}
            FROM {Actions.AsGivenInOrder}
        ORDER BY place
        """;

    private const string SetVariables = """
        INSERT INTO workflow_variables (workflow_id, state_vars)
        SELECT *
          FROM unnest($1::bigint[], $2::text[])
            ON CONFLICT (workflow_id) DO UPDATE SET state_vars = excluded.state_vars
        """;

    /// <summary>Adds history entries, in their order.</summary>
    public static void AddHistory(this NpgsqlBatch batch, RowSet rows)
    {
        var (plain, full) = rows.SplitHistory();
        batch.Add(InsertPlain, plain, (row, action) => row.With(action.WorkflowId).WithPlainAction(action.Entry, rows));
        batch.Add(
            InsertActions,
            full,
            (row, action) => row.With(action.WorkflowId).WithAction(Storable(action.Entry), rows)
        );
    }

    /// <summary>Sets variables. The caller has locked the workflow.</summary>
    public static void AddVariables(this NpgsqlBatch batch, RowSet rows) =>
        batch.Add(
            SetVariables,
            rows.Variables,
            static (row, variables) => row.With(variables.Key).With(variables.Value)
        );

    private static HistoryEntry Storable(HistoryEntry entry) =>
        entry with
        {
            Actor = entry.Actor?.Storable(),
            Cause = entry.Cause?.Storable(),
            Text = entry.Text?.Storable(),
        };
}
