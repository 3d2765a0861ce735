using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>The statements by which a server locks workflows and finds external ids.</summary>
/// <param name="Lock">
/// Two statements that lock @ids and their parents, in the order of ids, so that two transactions never deadlock: first the unfinished
/// workflows, then the final ones. A workflow never changes its parent, so the parent is known without a lock.
/// </param>
/// <param name="Variables">The variables of @ids and their parents.</param>
/// <param name="Existing">Which of @ids exist.</param>
/// <param name="FindTaken">Which of @external_ids are in use, with their workflows and tokens.</param>
internal sealed record SqlLocks(string Lock, string Variables, string Existing, string FindTaken)
{
    /// <summary>
    /// Each statement sees what was committed before it began. So the variables are read when the locks are held: from then on no other
    /// transaction changes them.
    /// </summary>
    public string LockAndReadVariables { get; } = $"{Lock};\n{Variables}";
}

/// <summary>
/// A transaction of locks and writes on a server. The writes are sent with the commit, in one round trip, or before the author's callback.
/// The counts are written only after the callback, because other transactions need them.
/// </summary>
internal abstract class SqlRowTransaction(SqlSession session, SqlDialect dialect, SqlLocks locks, SqlLimits limits)
    : IRowTransaction
{
    private const int MaxAttempts = 100;

    private RowSet? unwritten;
    private CountDeltas? uncounted;

    /// <summary>Locks and reads workflows, in the order of ids.</summary>
    public async Task<IReadOnlyList<WorkflowRecord>> LockAsync(
        IReadOnlyCollection<long> ids,
        bool withVariables,
        CancellationToken cancellation
    )
    {
        var locked = new SortedDictionary<long, WorkflowRecord>();
        var wanted = ids.ToArray();
        for (var attempt = 1; ; attempt++)
        {
            foreach (var row in await FetchAsync(wanted, withVariables, cancellation))
            {
                locked[row.Id] = row;
            }

            wanted =
            [
                .. ids.Concat(locked.Values.Select(row => row.ParentWorkflowId).OfType<long>())
                    .Distinct()
                    .Where(id => !locked.ContainsKey(id)),
            ];
            if (wanted.Length == 0 || (wanted = await ExistingAsync(wanted, cancellation)).Length == 0)
            {
                return [.. locked.Values];
            }

            // The workflow moved from one table to the other while this transaction waited for its lock.
            if (attempt == MaxAttempts)
            {
                throw new InvalidOperationException($"The workflow {wanted[0]} is neither unfinished nor final.");
            }
        }
    }

    public async Task<IReadOnlyList<TakenExternalId>> FindExternalIdsAsync(
        IReadOnlyCollection<string> externalIds,
        CancellationToken cancellation
    ) =>
        await session.ReadAsync(
            locks.FindTaken,
            row => new TakenExternalId(row.Text(), row.Number(), row.Number()),
            cancellation,
            ("@external_ids", externalIds.ToArray())
        );

    public abstract Task InsertAsync(IReadOnlyList<NewRow> rows, CancellationToken cancellation);

    public Task<bool> HasSignalAsync(long workflowId, string key, CancellationToken cancellation) =>
        session.HasAsync(dialect, workflowId, key, cancellation);

    public async Task WriteAsync(RowSet rows, CancellationToken cancellation)
    {
        unwritten = rows;
        uncounted = rows.Counts;
        Changes = rows.Changes;
        await SqlAuditLog.WriteAsync(session, rows, cancellation);
        await session.WriteRareAsync(rows, cancellation);
    }

    public Task<bool> AdvanceJobAsync(JobProgress progress, CancellationToken cancellation) =>
        SqlJobs.AdvanceAsync(session, progress, cancellation);

    public Task<bool> TakeScheduleAsync(string name, long revision, CancellationToken cancellation) =>
        SqlSchedules.TakeAsync(session, name, revision, cancellation);

    public Task WriteScheduleAsync(ScheduleRecord schedule, CancellationToken cancellation) =>
        SqlSchedules.ChangeAsync(session, schedule, cancellation);

    public Task<IReadOnlyList<string>> WaitingStatesAsync(PermitPlace place, CancellationToken cancellation) =>
        limits.StatesAsync(session, place, cancellation);

    public Task<LimitPosition> LockLimitsAsync(string workflowType, CancellationToken cancellation) =>
        limits.LockAsync(session, workflowType, cancellation);

    public Task WriteLimitsAsync(string workflowType, LimitPosition position, CancellationToken cancellation) =>
        SqlLimits.WriteAsync(session, workflowType, position, cancellation);

    public Task<IReadOnlyList<UsedPermit>> UsedPermitsAsync(string workflowType, CancellationToken cancellation) =>
        limits.UsedAsync(session, workflowType, cancellation);

    public Task<IReadOnlyList<FirstOfKey>> FirstWaitersAsync(
        PermitPlace place,
        string state,
        string? after,
        int most,
        CancellationToken cancellation
    ) => limits.FirstAsync(session, place, state, after, most, cancellation);

    public Task<IReadOnlyList<FirstOfKey>> DueWaitersAsync(WaiterSearch search, CancellationToken cancellation) =>
        limits.DueAsync(session, search, cancellation);

    public Task<IReadOnlyList<FirstOfKey>> WaitersAsync(
        PermitPlace place,
        string state,
        string key,
        int most,
        CancellationToken cancellation
    ) => limits.OfKeyAsync(session, place, state, key, most, cancellation);

    public abstract Task RunAsync(CommitCallback callback, CancellationToken cancellation);

    /// <summary>Hands over the rows that are not written yet to the caller, who writes them; null if there are none.</summary>
    protected RowSet? TakeUnwritten()
    {
        var rows = unwritten;
        unwritten = null;
        return rows;
    }

    /// <summary>The changes of counts, which are written last; null if there are none.</summary>
    protected CountDeltas? Uncounted => uncounted;

    /// <summary>The changes for listeners.</summary>
    protected IReadOnlyList<WorkflowChange> Changes { get; private set; } = [];

    private Task<List<WorkflowRecord>> FetchAsync(long[] wanted, bool withVariables, CancellationToken cancellation) =>
        session.ReadAnswersAsync(
            withVariables ? locks.LockAndReadVariables : locks.Lock,
            async answers =>
            {
                var rows = await answers.NextAsync(StoredRows.WithoutVariables);
                rows.AddRange(await answers.NextAsync(StoredRows.WithoutVariables));
                var variables = withVariables ? await answers.NextAsync(StoredRows.Variables) : [];
                return rows.WithVariables(variables);
            },
            cancellation,
            ("@ids", wanted)
        );

    private async Task<long[]> ExistingAsync(long[] ids, CancellationToken cancellation) =>
        [.. await session.ReadAsync(locks.Existing, row => row.Number(), cancellation, ("@ids", ids))];
}
