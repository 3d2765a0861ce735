using System.Globalization;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Counts how many of the earliest due workflows are at each place, so that a claim does not lock more rows than it takes.
/// </summary>
internal static class MySqlShares
{
    /// <summary>The shares of the places with due workflows.</summary>
    public static async Task<IReadOnlyList<Share>> OfAsync(
        MySqlConnection connection,
        SqlDialect dialect,
        Place[] due,
        ClaimRequest request,
        CancellationToken cancellation
    )
    {
        await using var batch = new MySqlStatements(connection, dialect);
        var statement = batch
            .Statement("")
            .With("@now", request.Now)
            .With("@limit", request.Limit)
            .With("@step", request.PriorityStep);
        statement.CommandText = $"""
              {string.Join(" UNION ALL ", due.Select((place, number) => DueAt(statement, place, number)))}
            ORDER BY next_activation + priority * @step, id
               LIMIT @limit
            """;
        var first = await batch.ReadAllAsync(row => row.SmallNumber(), cancellation);
        return [.. first.CountBy(number => number).Select(counted => new Share(due[counted.Key], counted.Value))];
    }

    private static string DueAt(MySqlBatchCommand statement, Place place, int number)
    {
        var suffix = number.ToString(CultureInfo.InvariantCulture);
        statement
            .With($"@type{suffix}", place.Definition.Name)
            .With($"@version{suffix}", place.Definition.Version)
            .With($"@group{suffix}", place.ExecutorGroup)
            .With($"@priority{suffix}", place.Priority);
        return $"""
            (  SELECT {suffix} AS number, @priority{suffix} AS priority, r.next_activation, r.id
                 FROM workflow_run AS r FORCE INDEX (workflow_run_due)
                WHERE r.workflow_type = CAST(@type{suffix} AS BINARY)
                  AND r.version = CAST(@version{suffix} AS BINARY)
                  AND r.executor_group = CAST(@group{suffix} AS BINARY)
                  AND r.due_priority = @priority{suffix}
                  AND r.next_activation <= @now
             ORDER BY r.next_activation, r.id
                LIMIT @limit)
            """;
    }
}
