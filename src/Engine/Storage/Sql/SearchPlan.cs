using GopherFlow.Authoring;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Chooses the walks that together find every workflow that a search asks for. If there are several ways, the stored counts show which one
/// reads fewer rows, and which tables cannot have matches.
/// </summary>
/// <param name="dialect">The SQL dialect, which says for what the database has indexes.</param>
/// <param name="search">The search, with a narrowed filter.</param>
/// <param name="counts">The stored counts, if they are needed.</param>
internal sealed class SearchPlan(SqlDialect dialect, WorkflowSearch search, IReadOnlyList<WorkflowCount> counts)
{
    /// <summary>The maximum number of values that are walked separately.</summary>
    private const int MostWalks = 20;

    private readonly WorkflowFilter filter = search.Filter;

    /// <summary>Whether the counts matter to a search: it has conditions on values that change while workflows run.</summary>
    public static bool NeedsCounts(WorkflowSearch search) =>
        !search.IsKeyed
        && !search.Filter.IsNarrow
        && search.Filter
            is not {
                Versions.Count: 0,
                States.Count: 0,
                Statuses.Count: 0,
                ExecutorGroups.Count: 0,
                WaitsFor.Count: 0,
                ModifiedFrom: null,
                ModifiedBefore: null,
            };

    /// <summary>The walks; none if nothing can match.</summary>
    public IReadOnlyList<SearchWalk> Walks() =>
        search.IsKeyed ? [.. Keyed()]
        : filter.BusinessKey is { } key ? [SearchWalk.ByBusinessKey(key, Fulfilled.BusinessKey)]
        : filter.ParentWorkflowId is { } parent ? [SearchWalk.ByParent(parent)]
        : NeedsCounts(search) ? ByCounts()
        : filter.WorkflowTypes.Count is > 0 and <= MostWalks ? ByType()
        : [SearchWalk.ById(WalkedTable.Workflows)];

    private IEnumerable<SearchWalk> Keyed()
    {
        if (search.Id is { } id)
        {
            yield return SearchWalk.One("id", id);
        }

        if (search.ExternalId is { } externalId)
        {
            yield return SearchWalk.One("external_id", externalId);
        }

        if (search.BusinessKey is { } key)
        {
            yield return SearchWalk.ByBusinessKey(key, Fulfilled.Nothing);
        }
    }

    private SearchWalk[] ByType() => [.. filter.WorkflowTypes.Distinct().Select(SearchWalk.ByType)];

    private SearchWalk[] ByCounts()
    {
        var meant = counts.Where(filter.Counts).ToList();
        var (running, runningRows) = meant.Exists(kind => !kind.Status.IsFinal()) ? Unfinished(meant) : ([], 0);
        var (ended, endedRows) = meant.Exists(kind => kind.Status.IsFinal()) ? Final(meant) : ([], 0);
        if (meant.Count == 0 || filter.WorkflowTypes.Count is 0 or > MostWalks)
        {
            return [.. running, .. ended];
        }

        var typeRows = Rows(kind => filter.WorkflowTypes.Contains(kind.WorkflowType));
        var byProgress =
            ExpectedRows(runningRows, meant.Where(kind => !kind.Status.IsFinal()))
            + ExpectedRows(endedRows, meant.Where(kind => kind.Status.IsFinal()));

        // A walk by type also looks up the status of each workflow.
        return 2 * ExpectedRows(typeRows, meant) <= byProgress ? ByType() : [.. running, .. ended];
    }

    /// <summary>Executing workflows are found in the index of owned ones. The other statuses have their own index.</summary>
    private (SearchWalk[] Walks, long Rows) Unfinished(List<WorkflowCount> meant)
    {
        var wanted = Wanted(isFinal: false);
        if (wanted.Length == 0)
        {
            return (
                [SearchWalk.ById(WalkedTable.Unfinished) with { Fulfilled = Fulfilled.Status }],
                Rows(IsUnfinished)
            );
        }

        var existing = wanted.Where(status => meant.Exists(kind => kind.Status == status)).ToArray();
        var others = existing.Where(status => status != WorkflowStatus.Executing).ToArray();
        var executing = new SearchWalk(
            WalkedTable.Unfinished,
            _ => " AND r.executor_id IS NOT NULL AND r.status = 'EXECUTING'"
        )
        {
            Index = "workflow_run_owned",
            Fulfilled = Fulfilled.Status,
        };
        SearchWalk[] parked = (others.Length, dialect.FindsUnfinishedByStatus) switch
        {
            (0, _) => [],
            (_, true) => [.. others.Select(SearchWalk.ByStatus)],
            _ =>
            [
                SearchWalk.ById(WalkedTable.Unfinished) with
                {
                    Fulfilled = Fulfilled.Status,
                    Besides =
                        $" AND r.status IN ({string.Join(", ", others.Select(status => $"'{status.ToName()}'"))})",
                },
            ],
        };
        return (
            [.. existing.Length > others.Length ? [executing] : Array.Empty<SearchWalk>(), .. parked],
            Rows(kind =>
                IsUnfinished(kind)
                && (existing.Contains(kind.Status) || (!dialect.FindsUnfinishedByStatus && others.Length > 0))
            )
        );
    }

    /// <summary>Most workflows have finished, so the index by status contains only the other statuses.</summary>
    private (SearchWalk[] Walks, long Rows) Final(List<WorkflowCount> meant)
    {
        var wanted = Wanted(isFinal: true);
        var existing = wanted.Where(status => meant.Exists(kind => kind.Status == status)).ToArray();
        var states = filter
            .States.Distinct()
            .Where(state => meant.Exists(kind => kind.Status.IsFinal() && kind.State == state))
            .ToArray();
        var statusRows = Rows(kind => existing.Contains(kind.Status));
        var stateRows = Rows(kind => kind.Status.IsFinal() && states.Contains(kind.State));
        var canGoByStatus = existing.Length > 0 && !existing.Contains(WorkflowStatus.Finished);
        var canGoByState = states.Length is > 0 and <= MostWalks;
        if (canGoByStatus && !(canGoByState && stateRows < statusRows))
        {
            return ([.. existing.Select(SearchWalk.ByFinalStatus)], statusRows);
        }

        var fulfilled = wanted.Length == 0 ? Fulfilled.Status : Fulfilled.Nothing;
        return canGoByState
            ? (
                [
                    .. states
                        .Select(SearchWalk.ByState)
                        .Select(walk => walk with { Fulfilled = walk.Fulfilled | fulfilled }),
                ],
                stateRows
            )
            : (
                [SearchWalk.ById(WalkedTable.Final) with { Fulfilled = fulfilled }],
                Rows(kind => kind.Status.IsFinal())
            );
    }

    private static bool IsUnfinished(WorkflowCount kind) => !kind.Status.IsFinal();

    /// <summary>The requested statuses of a table; empty if it may be any of them.</summary>
    private WorkflowStatus[] Wanted(bool isFinal)
    {
        var all = Enum.GetValues<WorkflowStatus>().Where(status => status.IsFinal() == isFinal).ToArray();
        var wanted = all.Where(filter.Statuses.Contains).ToArray();
        return wanted.Length == all.Length ? [] : wanted;
    }

    private long Rows(Func<WorkflowCount, bool> isAmong) => counts.Where(isAmong).Sum(kind => kind.Count);

    /// <summary>The expected number of rows to read until the page is full, if matches are spread evenly.</summary>
    private double ExpectedRows(long rows, IEnumerable<WorkflowCount> meant)
    {
        var matches = meant.Sum(kind => kind.Count);
        return matches == 0 ? 0 : rows * Math.Min(1, ((double)search.Limit + search.Offset) / matches);
    }
}
