namespace GopherFlow.Stores.Sqlite;

/// <summary>Variables live apart from the row that every claim and commit touches.</summary>
internal static class SqliteVariables
{
    private const string Set = """
        INSERT INTO workflow_variables (workflow_id, state_vars)
        VALUES (?1, ?2)
        ON CONFLICT (workflow_id) DO UPDATE SET state_vars = excluded.state_vars
        """;

    /// <summary>Puts the variables of a workflow, as the text of a JSON object, in place of what is there.</summary>
    public static void SetVariables(this SqliteReader statements, long workflowId, string stateVars) =>
        statements.Statement(Set).Bind(workflowId).Bind(stateVars).Run();
}
