using GopherFlow.Authoring;

namespace GopherFlow.Storage.Sql;

/// <summary>How many workflows ended in each of the last minutes. Each executor has its own rows, so that none waits for another.</summary>
internal sealed class SqlThroughputLog(ISqlDatabase database) : IThroughputLog
{
    private const string Update = """
        UPDATE ended_minutes
           SET count = @count
         WHERE minute = @minute
           AND executor_id = @executor
           AND workflow_type = @type
           AND status = @status
        """;

    private const string Insert = """
        INSERT INTO ended_minutes (minute, executor_id, workflow_type, status, count)
        VALUES (@minute, @executor, @type, @status, @count)
        """;

    private readonly string read = Read(database.Dialect);

    /// <summary>The sums over all executors.</summary>
    internal static string Read(SqlDialect dialect) =>
        $"""
              SELECT e.minute, {dialect.OfGroup("e.workflow_type")}, e.status, {dialect.Whole("sum(e.count)")}
                FROM ended_minutes AS e
               WHERE e.minute >= @from
            GROUP BY e.minute, {dialect.GroupKey("e.workflow_type")}, e.status
            ORDER BY e.minute
            """;

    public Task RecordAsync(long executorId, IReadOnlyList<EndedCount> counts, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                foreach (var count in counts)
                {
                    (string, object?)[] values =
                    [
                        ("@minute", count.Minute),
                        ("@executor", executorId),
                        ("@type", count.WorkflowType),
                        ("@status", count.Status.ToName()),
                        ("@count", count.Count),
                    ];
                    if (await session.RunAsync(Update, cancellation, values) == 0)
                    {
                        await session.RunAsync(Insert, cancellation, values);
                    }
                }

                return counts.Count;
            },
            cancellation
        );

    public Task<IReadOnlyList<EndedCount>> ReadAsync(DateTimeOffset from, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<EndedCount>>(
            async session =>
                await session.ReadAsync(
                    read,
                    row => new EndedCount(
                        row.Instant(),
                        row.Text(),
                        WorkflowStatusNames.Parse(row.Text()),
                        row.Number()
                    ),
                    cancellation,
                    ("@from", from)
                ),
            cancellation
        );
}
