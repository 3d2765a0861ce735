using System.Runtime.CompilerServices;
using GopherFlow.Definitions;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Finds out since when work is due. The index of parked workflows is entered once for each group and priority and never walked, so the
/// cost does not depend on how many are parked.
/// </summary>
internal sealed class SqlBacklog(ISqlDatabase database)
{
    private readonly string nextGroup = NextGroup(database.Dialect);
    private readonly string firstAfter = FirstAfter(database.Dialect);
    private readonly string soonest = Soonest(database.Dialect);

    /// <summary>The next group for which workflows of a version are parked.</summary>
    internal static string NextGroup(SqlDialect dialect) =>
        $"""
              SELECT executor_group
                FROM workflow_run {dialect.WalkedBy("workflow_run_due")}
               WHERE workflow_type = {dialect.Identifier("@type")}
                 AND version = {dialect.Identifier("@version")}
                 AND executor_group > {dialect.Identifier("@group")}
                 AND {dialect.IsInDueIndex}
            ORDER BY executor_group
               LIMIT 1
            """;

    /// <summary>The first parked workflow of the next priority.</summary>
    internal static string FirstAfter(SqlDialect dialect) =>
        $"""
              SELECT priority, next_activation
                FROM workflow_run {dialect.WalkedBy("workflow_run_due")}
               WHERE workflow_type = {dialect.Identifier("@type")}
                 AND version = {dialect.Identifier("@version")}
                 AND executor_group = {dialect.Identifier("@group")}
                 AND {dialect.DuePriority} > @priority
                 AND next_activation IS NOT NULL
                 AND {dialect.IsInDueIndex}
            ORDER BY {dialect.DuePriority}, next_activation
               LIMIT 1
            """;

    /// <summary>The parked workflows of a priority, earliest due first.</summary>
    internal static string Soonest(SqlDialect dialect) =>
        $"""
              SELECT id, next_activation
                FROM workflow_run {dialect.WalkedBy("workflow_run_due")}
               WHERE workflow_type = {dialect.Identifier("@type")}
                 AND version = {dialect.Identifier("@version")}
                 AND executor_group = {dialect.Identifier("@group")}
                 AND {dialect.DuePriority} = @priority
                 AND next_activation IS NOT NULL
                 AND {dialect.IsInDueIndex}
            ORDER BY next_activation
               LIMIT @limit
            """;

    public Task<IReadOnlyList<FirstDue>> FirstDueAsync(
        IReadOnlyList<DefinitionKey> definitions,
        CancellationToken cancellation
    ) =>
        database.ReadAsync<IReadOnlyList<FirstDue>>(
            async session =>
            {
                var found = new List<FirstDue>();
                await foreach (var place in PlacesAsync(session, definitions, cancellation))
                {
                    DateTimeOffset? earliest = null;
                    await foreach (var first in FirstOfEachPriorityAsync(session, place, cancellation))
                    {
                        // A workflow of a worse priority may be due before one of a better priority.
                        earliest = earliest < first.Due ? earliest : first.Due;
                    }

                    if (earliest is { } due)
                    {
                        found.Add(new FirstDue(place.Definition, place.Group, due));
                    }
                }

                return found;
            },
            cancellation
        );

    public Task<IReadOnlyList<long>> UpcomingAsync(
        IReadOnlyList<DefinitionKey> definitions,
        int limit,
        CancellationToken cancellation
    ) =>
        database.ReadAsync<IReadOnlyList<long>>(
            async session =>
            {
                var found = new List<(DateTimeOffset Due, long Id)>();
                await foreach (var place in PlacesAsync(session, definitions, cancellation))
                {
                    await foreach (var first in FirstOfEachPriorityAsync(session, place, cancellation))
                    {
                        found.AddRange(
                            await session.ReadAsync(
                                soonest,
                                row =>
                                {
                                    var id = row.Number();
                                    return (row.Instant(), id);
                                },
                                cancellation,
                                [.. place.Values, ("@priority", first.Priority), ("@limit", limit)]
                            )
                        );
                    }
                }

                return [.. found.Order().Take(limit).Select(workflow => workflow.Id)];
            },
            cancellation
        );

    /// <summary>Each definition with each group for which workflows of it are parked.</summary>
    private async IAsyncEnumerable<Place> PlacesAsync(
        SqlSession session,
        IReadOnlyList<DefinitionKey> definitions,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        foreach (var definition in definitions.Distinct())
        {
            for (
                var group = await GroupAfterAsync(session, new Place(definition, ""), cancellation);
                group is not null;
                group = await GroupAfterAsync(session, new Place(definition, group), cancellation)
            )
            {
                yield return new Place(definition, group);
            }
        }
    }

    private Task<string?> GroupAfterAsync(SqlSession session, Place place, CancellationToken cancellation) =>
        session.FindAsync(nextGroup, row => row.Text(), cancellation, place.Values);

    private async IAsyncEnumerable<(int Priority, DateTimeOffset Due)> FirstOfEachPriorityAsync(
        SqlSession session,
        Place place,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        for (var priority = 0; ; )
        {
            var next = await session.ReadAsync(
                firstAfter,
                row => (Priority: row.SmallNumber(), Due: row.Instant()),
                cancellation,
                [.. place.Values, ("@priority", priority)]
            );
            if (next.Count == 0)
            {
                yield break;
            }

            priority = next[0].Priority;
            yield return next[0];
        }
    }

    private sealed record Place(DefinitionKey Definition, string Group)
    {
        public (string, object?)[] Values =>
            [("@type", Definition.Name), ("@version", Definition.Version), ("@group", Group)];
    }
}
