using GopherFlow.Authoring;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Writes the variables and the history of workflows, new ones included.</summary>
internal static class MySqlHistory
{
    private const string PutVariables = "INSERT INTO workflow_variables (workflow_id, state_vars)";

    private const string ReplaceVariables = "ON DUPLICATE KEY UPDATE state_vars = VALUES(state_vars)";

    private const string InsertActions = $"INSERT INTO workflow_actions ({StoredValues.Action})";

    /// <summary>Sets variables. Whoever does so has locked the workflow.</summary>
    public static void AddVariables(this MySqlBatch batch, RowSet rows)
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
    /// Adds entries to histories, in their order. It changes what LAST_INSERT_ID gives, so it comes after all that asks for the
    /// ids of new workflows.
    /// </summary>
    public static void AddHistory(this MySqlBatch batch, RowSet rows)
    {
        if (rows.Creates.Count + rows.History.Count == 0)
        {
            return;
        }

        var insert = new MySqlValues(batch, InsertActions);
        foreach (var (place, create) in rows.Creates.Index())
        {
            insert.Row().WithNewId(place).WithAction(create.History, rows);
        }

        foreach (var (workflowId, entry) in rows.History)
        {
            insert.Row().With(workflowId).WithAction(entry, rows);
        }

        insert.End();
    }
}
