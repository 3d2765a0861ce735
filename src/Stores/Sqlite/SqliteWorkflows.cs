using GopherFlow.Authoring;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// The queries, but that the counts say by which way a search is likely to come to its page: SQLite itself has no statistics, and a
/// state is in no index of what is unfinished.
/// </summary>
internal sealed class SqliteWorkflows(ISqlDatabase database) : SqlWorkflows(database)
{
    /// <summary>Whether a type has fewer workflows than a state.</summary>
    private const string TypeIsRarer = """
        SELECT total(count) FILTER (WHERE workflow_type = @type) < total(count) FILTER (WHERE state = @state)
          FROM workflow_counts
        """;

    private const string StatusesInState = """
        SELECT DISTINCT status
          FROM workflow_counts
         WHERE state = @state
           AND count > 0
        """;

    protected override async Task<SearchPath> PathAsync(
        SqlSession session,
        WorkflowSearch search,
        CancellationToken cancellation
    ) =>
        search switch
        {
            _ when SqlSearch.PathOf(search) == SearchPath.Identity => SearchPath.Identity,
            { Status: not (null or WorkflowStatus.Finished) } => SearchPath.Progress,
            { WorkflowType: not null, State: null } => SearchPath.Identity,
            { WorkflowType: not null } when await IsTypeRarerAsync(session, search, cancellation) =>
                SearchPath.Identity,
            { Status: null } when await IsOnlyFinalAsync(session, search, cancellation) => SearchPath.Result,
            _ => SearchPath.Progress,
        };

    private static async Task<bool> IsTypeRarerAsync(
        SqlSession session,
        WorkflowSearch search,
        CancellationToken cancellation
    )
    {
        var (type, state) = (("@type", search.WorkflowType), ("@state", search.State));
        return (await session.ReadAsync(TypeIsRarer, row => row.Flag(), cancellation, type, state))[0];
    }

    /// <summary>Whether no unfinished workflow is in a state; there is no need to read them all then.</summary>
    private static async Task<bool> IsOnlyFinalAsync(
        SqlSession session,
        WorkflowSearch search,
        CancellationToken cancellation
    )
    {
        var statuses = await session.ReadAsync(
            StatusesInState,
            row => WorkflowStatusNames.Parse(row.Text()),
            cancellation,
            ("@state", search.State)
        );
        return statuses.TrueForAll(status => status.IsFinal());
    }
}
