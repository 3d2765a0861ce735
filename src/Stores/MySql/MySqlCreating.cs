using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Gives new workflows their ids.</summary>
internal static class MySqlCreating
{
    private const string InsertIdentities = """
        INSERT INTO workflow (external_id, workflow_type, business_key, parent_workflow_id, created, token)
        """;

    private const string NewIds = "SELECT LAST_INSERT_ID(), @@auto_increment_increment";

    /// <summary>
    /// Adds statements that give new workflows their ids and their external ids. The answer, which <see cref="AssignAsync"/> takes, is
    /// the first id and how far the next one is.
    /// </summary>
    public static void AddIdentities(this MySqlBatch batch, IReadOnlyList<NewRow> creates)
    {
        var insert = new MySqlValues(batch, InsertIdentities);
        foreach (var create in creates)
        {
            insert
                .Row()
                .Add(create.Row.ExternalId)
                .Add(create.Row.WorkflowType)
                .Add(create.Row.BusinessKey)
                .Add(create.Row.ParentWorkflowId)
                .Add(create.Row.Created)
                .Add(create.Token);
        }

        insert.End();
        batch.Statement(NewIds);
    }

    /// <summary>Gives new workflows the ids that the database has given them.</summary>
    public static async Task AssignAsync(
        this IReadOnlyList<NewRow> creates,
        MySqlDataReader reader,
        CancellationToken cancellation
    )
    {
        var (first, increment) = (await reader.ReadAllAsync(row => (row.Number(), row.Number()), cancellation))[0];
        for (var place = 0; place < creates.Count; place++)
        {
            creates[place].Assign(first + (place * increment));
        }
    }
}
