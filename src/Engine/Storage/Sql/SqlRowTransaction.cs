using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>How a server locks workflows and finds external ids.</summary>
/// <param name="Lock">
/// Two statements that lock @ids and their parents, in the order of ids, so that two transactions never wait for each other in a
/// circle: first those that are unfinished, then those that are final. A workflow never changes its parent, so that it is known
/// without a lock.
/// </param>
/// <param name="Variables">The variables of @ids and their parents.</param>
/// <param name="Existing">Which of @ids there are.</param>
/// <param name="FindTaken">Which of @external_ids are in use, with their workflows and tokens.</param>
internal sealed record SqlLocks(string Lock, string Variables, string Existing, string FindTaken)
{
    /// <summary>
    /// Each statement sees what was committed before it began. So variables are read when the locks are held: from then on nobody
    /// changes them.
    /// </summary>
    public string LockAndReadVariables { get; } = $"{Lock};\n{Variables}";
}

/// <summary>
/// One transaction of locks and writes on a server. What is written goes out with the commit, as one round trip, or before the
/// author's callback; the counts wait until the callback is done, for others need them.
/// </summary>
internal abstract class SqlRowTransaction(SqlSession session, SqlDialect dialect, SqlLocks locks, SqlLimits limits)
    : IRowTransaction
{
    private const int MostLooks = 100;

    private RowSet? unwritten;
    private CountDeltas? uncounted;

    /// <summary>Locks and reads, in the order of ids.</summary>
    public async Task<IReadOnlyList<WorkflowRecord>> LockAsync(
        IReadOnlyCollection<long> ids,
        bool withVariables,
        CancellationToken cancellation
    )
    {
        var locked = new SortedDictionary<long, WorkflowRecord>();
        var wanted = ids.ToArray();
        for (var look = 1; ; look++)
        {
            foreach (var row in await LookAsync(wanted, withVariables, cancellation))
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

            // It moved from one table to the other while this transaction waited for the lock.
            if (look == MostLooks)
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

    /// <summary>The rows that are not written yet, which are written now; null when there are none.</summary>
    protected RowSet? TakeUnwritten()
    {
        var rows = unwritten;
        unwritten = null;
        return rows;
    }

    /// <summary>The changes of counts, which are written at the end; null when there are none.</summary>
    protected CountDeltas? Uncounted => uncounted;

    /// <summary>The changes for listeners.</summary>
    protected IReadOnlyList<WorkflowChange> Changes { get; private set; } = [];

    private Task<List<WorkflowRecord>> LookAsync(long[] wanted, bool withVariables, CancellationToken cancellation) =>
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
