using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>Searches for workflows. A page reads a bounded number of rows, however many there are and however few match.</summary>
internal sealed class SqlSearches(ISqlDatabase database)
{
    /// <summary>
    /// Most pages are full after this many rows. Only for the others is it worth finding out where to stop after more rows.
    /// </summary>
    private const int FirstRows = 2_000;

    private SqlDialect Dialect => database.Dialect;

    /// <summary>A page of workflows.</summary>
    public Task<SearchResult> FindAsync(WorkflowSearch search, CancellationToken cancellation)
    {
        search.Filter.At(search.Now);
        return search.Limit <= 0 || search.Filter.Narrowed() is not { } narrowed
            ? Task.FromResult(SearchResult.Of(search, []))
            : database.ReadAsync(
                session => FindAsync(session, search with { Filter = narrowed }, cancellation),
                cancellation
            );
    }

    private async Task<SearchResult> FindAsync(
        SqlSession session,
        WorkflowSearch search,
        CancellationToken cancellation
    )
    {
        var walks =
            await FewAsync(session, search, cancellation)
            ?? new SearchPlan(Dialect, search, await CountsAsync(session, search, cancellation)).Walks();
        return walks.Count == 0
            ? SearchResult.Of(search, [])
            : await WalkAsync(session, search, new SqlSearch(Dialect, search, walks), cancellation);
    }

    /// <summary>Reads a first range of workflows and, if the page is not full then, a longer one.</summary>
    private static async Task<SearchResult> WalkAsync(
        SqlSession session,
        WorkflowSearch search,
        SqlSearch statements,
        CancellationToken cancellation
    )
    {
        Func<IStoredRow, WorkflowRecord> read = search.WithVariables
            ? StoredRows.Workflow
            : StoredRows.WithoutVariables;
        var found = new List<WorkflowRecord>();
        long? before =
            search.Filter.IdTo is { } last && last < (search.BeforeId ?? long.MaxValue) ? last + 1 : search.BeforeId;
        foreach (var mostRows in RangesOf(search))
        {
            var end = await EndAsync(session, statements.End(before, mostRows), cancellation);
            var (sql, values) = statements.Page(before, end, search.Limit - found.Count);
            found.AddRange(await session.ReadAsync(sql, read, cancellation, values));
            if (found.Count == search.Limit || end is null)
            {
                return SearchResult.Of(search, found);
            }

            before = end;
        }

        return new SearchResult(found, before, IsPartial: true);
    }

    /// <summary>With an offset there is one range: it must contain both what is skipped and what comes after it.</summary>
    private static int[] RangesOf(WorkflowSearch search) =>
        search.Offset > 0 || search.MaxRowsRead <= 2 * FirstRows
            ? [search.MaxRowsRead]
            : [FirstRows, search.MaxRowsRead - FirstRows];

    private static async Task<long?> EndAsync(
        SqlSession session,
        (string Sql, (string Name, object? Value)[] Values)? statement,
        CancellationToken cancellation
    ) =>
        statement is var (sql, values)
            ? (await session.ReadAsync(sql, row => row.OptionalNumber(), cancellation, values))[0]
            : null;

    /// <summary>The walk through an index in which few rows match, or null if there is none.</summary>
    private async Task<IReadOnlyList<SearchWalk>?> FewAsync(
        SqlSession session,
        WorkflowSearch search,
        CancellationToken cancellation
    )
    {
        var filter = search.Filter;
        if (search.IsKeyed || filter.IsNarrow)
        {
            return null;
        }

        SearchWalk[] ranges =
        [
            .. filter.BusinessKeyPrefix is { } prefix ? [SearchWalk.ByPrefix(prefix)] : Array.Empty<SearchWalk>(),
            .. filter is { FinishedFrom: null, FinishedBefore: null }
                ? Array.Empty<SearchWalk>()
                : [SearchWalk.ByFinished()],
        ];
        foreach (var range in ranges)
        {
            var (sql, values) = new SqlSearch(Dialect, search, [range]).Count();
            if ((await session.ReadAsync(sql, row => row.Number(), cancellation, values))[0] <= SqlSearch.Few)
            {
                return [range];
            }
        }

        return null;
    }

    private static async Task<IReadOnlyList<WorkflowCount>> CountsAsync(
        SqlSession session,
        WorkflowSearch search,
        CancellationToken cancellation
    ) =>
        SearchPlan.NeedsCounts(search)
            ? await session.ReadAsync(SqlWorkflows.Counts, StoredRows.Count, cancellation)
            : [];
}
