using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>Writes the variables and the history of workflows, including new ones.</summary>
internal static class MySqlHistory
{
    private const string PutVariables = "INSERT INTO workflow_variables (workflow_id, state_vars)";

    private const string ReplaceVariables = "ON DUPLICATE KEY UPDATE state_vars = VALUES(state_vars)";

    private const string InsertActions = $"INSERT INTO workflow_actions ({StoredValues.Action})";

    private const string InsertPlain = $"INSERT INTO workflow_actions ({StoredValues.PlainAction})";

    /// <summary>Sets variables. The caller has locked the workflow.</summary>
    public static void AddVariables(this MySqlStatements batch, RowSet rows)
    {
        var creates = rows.Creates.Index().Where(create => create.Item.Row.StateVars != Variables.EmptyJson).ToList();
        if (creates.Count + rows.Variables.Count == 0)
        {
            return;
        }

        var put = new MySqlValues(batch, PutVariables);
        foreach (var (place, create) in creates)
        {
            put.Row().WithNewId(place).With(create.Row.StateVars);
        }

        foreach (var (id, stateVars) in rows.Variables)
        {
            put.Row().With(id).With(stateVars);
        }

        put.End(ReplaceVariables);
    }

    /// <summary>
    /// Adds history entries, in their order. This changes the value of LAST_INSERT_ID, so it must come after all statements that use the
    /// ids of new workflows.
    /// </summary>
    public static void AddHistory(this MySqlStatements batch, RowSet rows)
    {
        // Only the first statement can use the ids of new workflows.
        var (plain, full) = rows.SplitHistory();
        if (rows.Creates.TrueForAll(create => create.History.IsPlain))
        {
            batch.AddPlain(rows, rows.Creates, plain);
            batch.AddFull(rows, [], full);
        }
        else
        {
            batch.AddFull(rows, rows.Creates, full);
            batch.AddPlain(rows, [], plain);
        }
    }

    private static void AddPlain(
        this MySqlStatements batch,
        RowSet rows,
        List<NewRow> creates,
        List<HistoryRow> history
    )
    {
        if (creates.Count + history.Count == 0)
        {
            return;
        }

        var insert = new MySqlValues(batch, InsertPlain);
        foreach (var (place, create) in creates.Index())
        {
            insert.Row().WithNewId(place).WithPlainAction(create.History, rows);
        }

        foreach (var (workflowId, entry) in history)
        {
            insert.Row().With(workflowId).WithPlainAction(entry, rows);
        }

        insert.End();
    }

    private static void AddFull(this MySqlStatements batch, RowSet rows, List<NewRow> creates, List<HistoryRow> history)
    {
        if (creates.Count + history.Count == 0)
        {
            return;
        }

        var insert = new MySqlValues(batch, InsertActions);
        foreach (var (place, create) in creates.Index())
        {
            insert.Row().WithNewId(place).WithAction(create.History, rows);
        }

        foreach (var (workflowId, entry) in history)
        {
            insert.Row().With(workflowId).WithAction(entry, rows);
        }

        insert.End();
    }
}
