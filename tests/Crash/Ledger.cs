using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Crash;

/// <summary>The user's own table: a row for each step that promised one.</summary>
internal sealed class Ledger(CrashDatabase database)
{
    public async Task CreateAsync()
    {
        await using var connection = await database.ConnectAsync();
        await using var create = connection.CreateCommand();
        create.CommandText = "CREATE TABLE ledger (workflow_id BIGINT NOT NULL, step_key VARCHAR(600) NOT NULL)";
        await create.ExecuteNonQueryAsync();
    }

    /// <summary>What is not as promised: a row twice, a row too few, a row too many.</summary>
    public async Task<IReadOnlyList<string>> FindFaultsAsync(IReadOnlyList<WorkflowRecord> workflows)
    {
        var rows = new List<(long WorkflowId, string StepKey)>();
        await using var connection = await database.ConnectAsync();
        await using var select = connection.CreateCommand();
        select.CommandText = "SELECT workflow_id, step_key FROM ledger";
        await using var reader = await select.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetInt64(0), reader.GetString(1)));
        }

        var entries = rows.ToLookup(row => row.WorkflowId);
        return
        [
            .. rows.GroupBy(row => row.StepKey)
                .Where(same => same.Count() > 1)
                .Select(same => $"the row of step {same.Key} is there {same.Count()} times"),
            .. workflows
                .Where(workflow => workflow.Status == WorkflowStatus.Finished)
                .Where(workflow => entries[workflow.Id].Count() != Workload.EntriesOf[workflow.WorkflowType])
                .Select(workflow =>
                    $"workflow {workflow.Id} ({workflow.WorkflowType}) has {entries[workflow.Id].Count()} rows, "
                    + $"expected {Workload.EntriesOf[workflow.WorkflowType]}"
                ),
        ];
    }
}
