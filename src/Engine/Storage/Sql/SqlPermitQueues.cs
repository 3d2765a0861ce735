namespace GopherFlow.Storage.Sql;

/// <summary>The workflows that wait for permits, for monitoring.</summary>
internal sealed class SqlPermitQueues(ISqlDatabase database)
{
    private readonly string states = SqlLimits.States(database.Dialect);
    private readonly string queue = Queue(database.Dialect);

    /// <summary>
    /// Counts the due workflows among those that wait at a place in a state. Those parked until later are read too, and count towards
    /// @most.
    /// </summary>
    internal static string Queue(SqlDialect dialect) =>
        $"""
            SELECT count(*), min(waiting.next_activation)
              FROM (SELECT r.next_activation
                      FROM workflow_run AS r {dialect.WalkedBy("workflow_run_waiting")}
                     WHERE {dialect.WaitsAtPlace}
                       AND r.{dialect.PermitState} = {dialect.Identifier("@state")}
                     LIMIT @most) AS waiting
             WHERE waiting.next_activation <= @now
            """;

    public Task<IReadOnlyList<PermitQueue>> FindAsync(PermitQueueSearch search, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<PermitQueue>>(
            async session =>
            {
                var found = new List<PermitQueue>();
                foreach (var place in search.Places)
                {
                    var values = SqlLimits.Values(place);
                    foreach (var state in await session.ReadAsync(states, row => row.Text(), cancellation, values))
                    {
                        var seen = await session.ReadAsync(
                            queue,
                            row => (Waiting: row.Number(), FirstDue: row.OptionalInstant()),
                            cancellation,
                            [.. values, ("@state", state), ("@most", search.Most), ("@now", search.Now)]
                        );
                        if (seen[0].FirstDue is { } due)
                        {
                            found.Add(new PermitQueue(place.Definition, state, seen[0].Waiting, due));
                        }
                    }
                }

                return found;
            },
            cancellation
        );
}
