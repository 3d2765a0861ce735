using System.Globalization;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Crash;

/// <summary>The user's own table: one row for each step that writes one.</summary>
internal sealed class Ledger(CrashDatabase database)
{
    public async Task CreateAsync()
    {
        await using var connection = await database.ConnectAsync();
        await using var create = connection.CreateCommand();
        create.CommandText = database.CreateLedger;
        await create.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<LedgerRow>> ReadAsync()
    {
        var rows = new List<LedgerRow>();
        await using var connection = await database.ConnectAsync();
        await using var select = connection.CreateCommand();
        select.CommandText = "SELECT workflow_id, step_key, entered FROM ledger";
        await using var reader = await select.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(
                new LedgerRow(
                    reader.GetInt64(0),
                    reader.GetString(1),
                    DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2))
                )
            );
        }

        return rows;
    }

    /// <summary>Finds duplicate, missing and excess rows.</summary>
    public static IEnumerable<string> FindFaults(IReadOnlyList<LedgerRow> rows, IReadOnlyList<WorkflowRecord> workflows)
    {
        var entries = rows.ToLookup(row => row.WorkflowId);
        return
        [
            .. rows.GroupBy(row => row.StepKey)
                .Where(same => same.Count() > 1)
                .Select(same => $"the row of step {same.Key} exists {same.Count()} times"),
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

/// <summary>A row of the ledger.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="StepKey">The step.</param>
/// <param name="Entered">When the row was inserted, by the clock of the database.</param>
internal sealed record LedgerRow(long WorkflowId, string StepKey, DateTimeOffset Entered)
{
    /// <summary>The number of earlier transitions of the workflow.</summary>
    public int Step => int.Parse(StepKey[(StepKey.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
}
