using GopherFlow.Definitions;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Since when work is due. The index of what is parked is entered once for each group and each priority and never walked, so the
/// answer costs the same however much is parked.
/// </summary>
internal sealed class SqlBacklog(ISqlDatabase database)
{
    private readonly string nextGroup = NextGroup(database.Dialect);
    private readonly string firstAfter = FirstAfter(database.Dialect);

    /// <summary>The next group for which something of a version is parked.</summary>
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

    /// <summary>The first of what is parked at the next priority.</summary>
    internal static string FirstAfter(SqlDialect dialect) =>
        $"""
              SELECT priority, next_activation
                FROM workflow_run {dialect.WalkedBy("workflow_run_due")}
               WHERE workflow_type = {dialect.Identifier("@type")}
                 AND version = {dialect.Identifier("@version")}
                 AND executor_group = {dialect.Identifier("@group")}
                 AND {dialect.DuePriority} > @priority
                 AND next_activation IS NOT NULL
            ORDER BY {dialect.DuePriority}, next_activation
               LIMIT 1
            """;

    public Task<IReadOnlyList<FirstDue>> FirstDueAsync(
        IReadOnlyList<DefinitionKey> definitions,
        CancellationToken cancellation
    ) =>
        database.ReadAsync<IReadOnlyList<FirstDue>>(
            async session =>
            {
                var found = new List<FirstDue>();
                foreach (var definition in definitions.Distinct())
                {
                    for (
                        var group = await GroupAfterAsync(session, definition, "", cancellation);
                        group is not null;
                        group = await GroupAfterAsync(session, definition, group, cancellation)
                    )
                    {
                        if (await FirstAsync(session, definition, group, cancellation) is { } due)
                        {
                            found.Add(new FirstDue(definition, group, due));
                        }
                    }
                }

                return found;
            },
            cancellation
        );

    private Task<string?> GroupAfterAsync(
        SqlSession session,
        DefinitionKey definition,
        string group,
        CancellationToken cancellation
    ) =>
        session.FindAsync(
            nextGroup,
            row => row.Text(),
            cancellation,
            ("@type", definition.Name),
            ("@version", definition.Version),
            ("@group", group)
        );

    /// <summary>What is parked at a worse priority may be due before what is parked at a better one.</summary>
    private async Task<DateTimeOffset?> FirstAsync(
        SqlSession session,
        DefinitionKey definition,
        string group,
        CancellationToken cancellation
    )
    {
        DateTimeOffset? earliest = null;
        for (var priority = 0; ; )
        {
            var next = await session.ReadAsync(
                firstAfter,
                row => (Priority: row.SmallNumber(), Due: row.Instant()),
                cancellation,
                ("@type", definition.Name),
                ("@version", definition.Version),
                ("@group", group),
                ("@priority", priority)
            );
            if (next.Count == 0)
            {
                return earliest;
            }

            priority = next[0].Priority;
            earliest = earliest < next[0].Due ? earliest : next[0].Due;
        }
    }
}
