namespace GopherFlow.Storage.Sql;

/// <summary>
/// Builds the statements of a search. They contain only the conditions that are asked for, so that each combination gets the plan that fits
/// its index, and every walk reads such an index backwards until the page is full.
/// </summary>
/// <param name="dialect">The SQL that differs between databases.</param>
/// <param name="search">The search, with a narrowed filter.</param>
/// <param name="walks">Its walks; at least one.</param>
internal sealed class SqlSearch(SqlDialect dialect, WorkflowSearch search, IReadOnlyList<SearchWalk> walks)
{
    /// <summary>If no more rows than this match in an index, all of them are read and sorted.</summary>
    public const int Few = 10_000;

    private readonly WorkflowFilter filter = search.Filter;

    /// <summary>The walks whose rows are checked one by one, so that it is unknown how many must be read to fill the page.</summary>
    private IEnumerable<SearchWalk> Long =>
        walks.Where(walk =>
            !walk.IsFew
            && (walk.Besides.Length > 0 || Conditions().Of(walk.Table, walk.Fulfilled).Conditions.Length > 0)
        );

    /// <summary>A query for the number of rows that match in an index; it counts no further than one more than <see cref="Few"/>.</summary>
    public (string Sql, (string Name, object? Value)[] Values) Count()
    {
        var conditions = Conditions();
        var walk = walks[0];
        var sql = $"""
            SELECT count(*)
              FROM (SELECT {walk.Alias}.id
                      FROM {Table(walk)} {dialect.WalkedBy(walk.Index!)}
                     WHERE TRUE{walk.Key(conditions)}
                     LIMIT {conditions.Given("@limit", Few + 1)}) AS few
            """;
        return (sql, conditions.Values);
    }

    /// <summary>
    /// A query for the id at which to stop, counting down from <paramref name="before"/>, so that at most <paramref name="lookAtMost"/>
    /// rows are read. The query returns null if all rows can be read. Null instead of a query if no walk is long.
    /// </summary>
    public (string Sql, (string Name, object? Value)[] Values)? End(long? before, int lookAtMost)
    {
        var conditions = Conditions();
        var arms = Long.Select(
                (walk, number) =>
                    $"""
                        SELECT id FROM (
                          SELECT {walk.Alias}.id
                            FROM {Walked(walk)}
                           WHERE {Place(conditions, walk, before, end: null)}
                        ORDER BY {Order(walk)}
                           LIMIT 1
                          OFFSET @skipped) AS end{number}
                        """
            )
            .ToList();
        if (arms.Count == 0)
        {
            return null;
        }

        conditions.Given("@skipped", Math.Max(0, (lookAtMost / arms.Count) - 1));
        return ($"SELECT max(id) FROM ({string.Join(" UNION ALL ", arms)}) AS ends", conditions.Values);
    }

    /// <summary>The page of the workflows whose ids are below <paramref name="before"/> and not below <paramref name="end"/>.</summary>
    public (string Sql, (string Name, object? Value)[] Values) Page(long? before, long? end, int limit)
    {
        var conditions = Conditions();
        conditions.Given("@limit", limit);
        conditions.Given("@offset", search.Offset);
        conditions.Given("@largest", search.LargestValue);
        var sql = $"""
               SELECT {SqlColumns.AnyOfList}{(search.WithVariables ? $", {SqlColumns.VariablesOfList}" : "")}
                 FROM ({Ids(conditions, before, end, limit)}
                 LIMIT @limit
                OFFSET @offset) AS page
                 {dialect.JoinInOrder} workflow AS w ON {dialect.IsOf("w.id", "page.id")}
            {SqlColumns.JoinProgress(dialect)}
            {(search.WithVariables ? SqlColumns.JoinVariables(dialect) : "")}
             ORDER BY w.id DESC
            """;
        return (sql, conditions.Values);
    }

    /// <summary>A single walk is in order; several are merged. Only walks by key can find the same workflow more than once.</summary>
    private string Ids(SqlConditions conditions, long? before, long? end, int limit)
    {
        if (walks is [var only])
        {
            return Walk(conditions, only, before, end);
        }

        var most = conditions.Given("@most", (long)limit + search.Offset);
        var arms = walks.Select(
            (walk, number) => $"SELECT id FROM ({Walk(conditions, walk, before, end)} LIMIT {most}) AS walk{number}"
        );
        return $"""
              SELECT found.id
                FROM ({string.Join(search.IsKeyed ? " UNION " : " UNION ALL ", arms)}) AS found
            ORDER BY found.id DESC
            """;
    }

    private string Walk(SqlConditions conditions, SearchWalk walk, long? before, long? end)
    {
        var (joins, others) = conditions.Of(walk.Table, walk.Fulfilled);
        var isRange = walk is { IsFew: true, Index: not null };
        return $"""
              SELECT {walk.Alias}.id
                FROM {(isRange ? Range(conditions, walk) : Walked(walk))}
                {joins}
               WHERE {(
                isRange ? Bounds(conditions, walk, before, end) : Place(conditions, walk, before, end)
            )}{walk.Besides}{others}
            ORDER BY {Order(walk)}
            """;
    }

    /// <summary>The limit is never reached, but without it a planner may walk by id instead.</summary>
    private string Range(SqlConditions conditions, SearchWalk walk) =>
        $"""
            (SELECT {walk.Alias}.id
               FROM {Table(walk)} {dialect.WalkedBy(walk.Index!)}
              WHERE TRUE{walk.Key(conditions)}
              LIMIT {conditions.Given("@few", 2 * Few)}) AS few
            {dialect.JoinInOrder} {Table(walk)} ON {dialect.IsOf($"{walk.Alias}.id", "few.id")}
            """;

    /// <summary>Names the index, because a planner that has statistics may prefer another one, and sort what it finds there.</summary>
    private string Walked(SearchWalk walk)
    {
        var by = walk switch
        {
            { Index: { } index } => dialect.WalkedBy(index),
            { IsFew: true } => "",
            _ => dialect.ByPrimaryKey,
        };
        return $"{Table(walk)} {by}";
    }

    private static string Table(SearchWalk walk) =>
        walk.Table switch
        {
            WalkedTable.Unfinished => "workflow_run AS r",
            WalkedTable.Final => "workflow_result AS f",
            _ => "workflow AS w",
        };

    /// <summary>
    /// Where a walk begins and ends in its index. A planner that cannot be told to use the index may walk by id instead and skip all rows
    /// that have another value. It has no such plan if both columns are compared and sorted together.
    /// </summary>
    private string Place(SqlConditions conditions, SearchWalk walk, long? before, long? end)
    {
        if (!dialect.PinsLookups || walk.Lead is not var (column, value))
        {
            return Bounds(conditions, walk, before, end) + walk.Key(conditions);
        }

        var row = $"({column}, {walk.Alias}.id)";
        var wanted = value(conditions);
        return $"""
            {row} < ({wanted}, {conditions.Given("@before", before ?? long.MaxValue)})
            AND {row} >= ({wanted}, {conditions.Given("@from", From(end))}){walk.InIndex}
            """;
    }

    private string Order(SearchWalk walk) =>
        dialect.PinsLookups && walk.Lead is var (column, _)
            ? $"{column} DESC, {walk.Alias}.id DESC"
            : $"{walk.Alias}.id DESC";

    private long From(long? end) => Math.Max(end ?? long.MinValue, filter.IdFrom ?? long.MinValue);

    /// <summary>
    /// A planner with statistics gets an upper bound for the first page too, so that it uses the same index as for the other pages.
    /// </summary>
    private string Bounds(SqlConditions conditions, SearchWalk walk, long? before, long? end)
    {
        var from = From(end);
        var upper =
            before is null && !dialect.PinsLookups
                ? "TRUE"
                : $"{walk.Alias}.id < {conditions.Given("@before", before ?? long.MaxValue)}";
        return from == long.MinValue ? upper : $"{upper} AND {walk.Alias}.id >= {conditions.Given("@from", from)}";
    }

    private SqlConditions Conditions() => new(dialect, filter, search.Now);
}
