using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>
/// A store that keeps everything in memory, for tests, the simulation, and trying things out. Nothing outlives the process.
/// </summary>
internal sealed class InMemoryStore : IWorkflowStore
{
    private readonly Lock gate;
    private readonly InMemoryTables tables;
    private readonly InMemoryChangeLog log;
    private readonly Shared shared;
    private readonly StoreWriter writer;
    private readonly InMemoryClaims claims;
    private readonly LimitedClaims limited;
    private readonly InMemoryExpiry expiry;
    private readonly TimeProvider clock;

    /// <summary>Creates an empty store.</summary>
    /// <param name="clock">A substitute for the clock of a database.</param>
    public InMemoryStore(TimeProvider? clock = null)
        : this(clock, besides: null) { }

    /// <summary>Creates an empty store that can run OnCommit callbacks.</summary>
    /// <param name="clock">A substitute for the clock of a database.</param>
    /// <param name="besides">Begins a substitute for a database transaction, which ends with the store's own transaction.</param>
    internal InMemoryStore(TimeProvider? clock, Func<DbTransaction>? besides)
        : this(new Shared(clock ?? TimeProvider.System, besides)) { }

    private InMemoryStore(Shared shared)
    {
        this.shared = shared;
        (tables, gate, clock, var besides) = (shared.Tables, shared.Gate, shared.Clock, shared.Besides);
        log = new InMemoryChangeLog(tables, gate, clock);
        var rows = new InMemoryRows(tables, gate, log, shared.Audit, besides);
        Jobs = new InMemoryJobs(tables, gate, rows);
        Schedules = new InMemorySchedules(tables, gate, rows);
        writer = new StoreWriter(rows);
        claims = new InMemoryClaims(tables, log);
        limited = new LimitedClaims(rows);
        expiry = new InMemoryExpiry(tables);
    }

    /// <summary>The accounts, stored with the workflows.</summary>
    public IAccountStore Accounts => shared.Accounts;

    /// <summary>The audit log, stored with the workflows.</summary>
    public IAuditLog Audit => shared.Audit;

    /// <summary>How many workflows ended in each of the last minutes.</summary>
    public IThroughputLog Throughput => shared.Throughput;

    /// <inheritdoc/>
    public IChangeLog Changes => log;

    /// <summary>The scripts, stored with the workflows.</summary>
    public IScriptStore Scripts => shared.Scripts;

    /// <summary>The jobs, stored with the workflows.</summary>
    public IJobStore Jobs { get; }

    /// <summary>The schedules, stored with the workflows.</summary>
    public IScheduleStore Schedules { get; }

    private DateTimeOffset Now => clock.GetUtcNow().AsStored();

    /// <summary>Another store on the same rows, as another process would have one. Each is notified of what the other commits.</summary>
    public InMemoryStore Another() => new(shared);

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ListenAsync(StoreNews news, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(news);
        return log.HearAsync(news.Changed, cancellation);
    }

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
        writer.WriteAsync(batch, cancellation);

    /// <inheritdoc/>
    public Task<WriteResult> WriteWithinAsync(
        DbTransaction transaction,
        WriteBatch batch,
        CancellationToken cancellation
    ) => writer.WriteWithinAsync(transaction, batch, cancellation);

    /// <inheritdoc/>
    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        gate.Locked(() => claims.Claim(request));

    /// <inheritdoc/>
    public Task<LimitedClaimResult> ClaimLimitedAsync(LimitedClaimRequest request, CancellationToken cancellation) =>
        limited.ClaimAsync(request, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        Listed(() =>
            tables
                .Workflows.Values.Where(row => row.ExecutorId == executorId)
                .Select(row => new ClaimKey(row.Id, row.Lease))
        );

    /// <inheritdoc/>
    public async Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        var now = Now;
        var (orphans, nextExpiry, executors) = await gate.Locked(() => claims.FindOrphans(request, now));
        var taken = await writer.WriteAsync(new WriteBatch([], orphans, request.ExecutorId, now), cancellation);
        return new RepairResult(taken.Changes, nextExpiry, executors, now);
    }

    /// <inheritdoc/>
    public Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) =>
        gate.Locked(() =>
        {
            var now = Now;
            var id = tables.NextExecutorId();
            tables.Executors.Add(
                new ExecutorRecord(
                    id,
                    registration.Name,
                    registration.Version,
                    registration.ExecutorGroups,
                    registration.Capacity,
                    Started: now,
                    LastActive: now,
                    LeaseUntil: (now + registration.Lease).AsStored(),
                    Ended: null
                )
            );
            return new ExecutorEntry(id, now);
        });

    /// <inheritdoc/>
    public Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            var now = Now;
            var isAlive = ReplaceExecutor(
                heartbeat.ExecutorId,
                executor =>
                    executor with
                    {
                        LastActive = Later(executor.LastActive, now),
                        LeaseUntil = Later(executor.LeaseUntil, (now + heartbeat.Lease).AsStored()),
                    }
            );
            return new HeartbeatAnswer(isAlive, now);
        });

    /// <inheritdoc/>
    public Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation) =>
        gate.Locked(() => ReplaceExecutor(executorId, executor => executor with { Ended = Now }));

    /// <inheritdoc/>
    public Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        gate.Locked(() =>
        {
            foreach (var definition in definitions)
            {
                tables.Save(definition, now);
            }

            return true;
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation) =>
        Listed(() =>
            tables
                .Workflows.Values.Where(row =>
                    !row.Status.IsFinal()
                    && new DefinitionKey(row.WorkflowType, row.Version) == search.Definition
                    && row.Id > search.AfterId
                )
                .Take(search.Limit)
                .Select(row => row.Id)
        );

    /// <inheritdoc/>
    public Task RebuildCountsAsync(CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            tables.Counts.Clear();
            var all = new CountDeltas();
            foreach (var workflow in tables.Workflows.Values)
            {
                all.Add(workflow);
            }

            foreach (var (key, count) in all.NonZero)
            {
                tables.Counts.Add(key, count);
            }

            return true;
        });

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        gate.Locked(() => tables.Workflows.GetValueOrDefault(id));

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        gate.Locked(() =>
            tables.ExternalIds.TryGetValue(externalId, out var taken) ? tables.Workflows[taken.WorkflowId] : null
        );

    /// <inheritdoc/>
    public Task<SearchResult> SearchAsync(WorkflowSearch search, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            List<WorkflowRecord> found =
            [
                .. tables
                    .Workflows.Values.Reverse()
                    .Where(search.Matches)
                    .Skip(search.Offset)
                    .Take(search.Limit)
                    .Select(record => LargeValues.LeftOut(record, search.WithVariables, search.LargestValue)),
            ];
            return SearchResult.Of(search, found);
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(ChildSearch search, CancellationToken cancellation) =>
        Listed(() =>
            tables
                .Workflows.Values.Where(record =>
                    record.ParentWorkflowId == search.ParentWorkflowId && record.Id > search.AfterId
                )
                .Take(search.Limit)
                .Select(record => LargeValues.LeftOut(record, search.WithVariables, search.LargestValue))
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<SignalRecord>> SignalsAsync(SignalSearch search, CancellationToken cancellation) =>
        Listed(() =>
            KeptFor(search.WorkflowId)
                .Where(signal => signal.Id > search.AfterId)
                .Take(search.Limit)
                .Select(signal => LargeValues.LeftOut(signal, search.LargestValue))
        );

    /// <inheritdoc/>
    public Task<SignalRecord?> OldestSignalAsync(long workflowId, string name, CancellationToken cancellation) =>
        gate.Locked(() => KeptFor(workflowId).FirstOrDefault(signal => signal.Name == name));

    /// <inheritdoc/>
    public Task<IReadOnlyList<SignalRecord>> TakenSignalsAsync(long workflowId, CancellationToken cancellation) =>
        Listed(() =>
            tables
                .Signals.Where(signal => signal.WorkflowId == workflowId && signal.Taken is not null)
                .Select(signal => signal.Signal with { Taken = signal.Taken })
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation) =>
        Listed(() =>
            (search.AfterId is null ? tables.Actions.AsEnumerable().Reverse() : tables.Actions)
                .Where(action =>
                    action.WorkflowId == search.WorkflowId
                    && (search.BeforeId is null || action.Id < search.BeforeId)
                    && (search.AfterId is null || action.Id > search.AfterId)
                )
                .Take(search.Limit)
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<HistorySum>> HistorySumsAsync(long workflowId, CancellationToken cancellation) =>
        Listed(() =>
            tables
                .Actions.Where(action => action.WorkflowId == workflowId)
                .GroupBy(action => (action.Entry.Kind, action.Entry.From, action.Entry.To))
                .Select(group => new HistorySum(
                    group.Key.Kind,
                    group.Key.From,
                    group.Key.To,
                    group.Count(),
                    group.Min(action => action.Id),
                    group.Max(action => action.Id),
                    group.Max(action => action.DateTime),
                    TimeSpan.FromMilliseconds(
                        group.Sum(action =>
                            (long)(action.DateTime - tables.Workflows[workflowId].Created).TotalMilliseconds
                        )
                    ),
                    group.Aggregate(TimeSpan.Zero, (sum, action) => sum + (action.Entry.Duration ?? TimeSpan.Zero))
                ))
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<TracedChange>> TracedChangesAsync(
        long workflowId,
        long upTo,
        CancellationToken cancellation
    ) =>
        Listed(() =>
            tables
                .Actions.Where(action =>
                    action.WorkflowId == workflowId && action.Id <= upTo && action.Entry.Changes is not null
                )
                .Select(action => new TracedChange(action.Id, action.Entry.Changes!))
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        Listed(() =>
            tables
                .Definitions.Values.GroupBy(definition => definition.Name)
                .Select(versions => versions.MaxBy(version => version.Updated)!)
                .OrderBy(definition => definition.Name, StringComparer.Ordinal)
        );

    /// <inheritdoc/>
    public Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        gate.Locked(() =>
            tables.Definitions.Values.Where(version => version.Name == name).MaxBy(version => version.Updated)
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation) =>
        Listed(() =>
            tables
                .Definitions.Values.Where(definition => definition.Name == name)
                .OrderByDescending(definition => definition.Updated)
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        Listed(() =>
            tables
                .Executors.OrderByDescending(executor => executor.LastActive)
                .ThenByDescending(executor => executor.Id)
                .Take(limit)
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<FirstDue>> FirstDueAsync(
        IReadOnlyList<DefinitionKey> definitions,
        CancellationToken cancellation
    ) =>
        Listed(() =>
            tables
                .Workflows.Values.Where(row => row.NextActivation is not null && row.Permit != Permit.Needed)
                .GroupBy(row => (Definition: new DefinitionKey(row.WorkflowType, row.Version), row.ExecutorGroup))
                .Where(place => definitions.Contains(place.Key.Definition))
                .Select(place => new FirstDue(
                    place.Key.Definition,
                    place.Key.ExecutorGroup,
                    place.Min(row => row.NextActivation!.Value)
                ))
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<PermitQueue>> PermitQueuesAsync(
        PermitQueueSearch search,
        CancellationToken cancellation
    ) =>
        Listed(() =>
            tables
                .Workflows.Values.Where(row => row.Permit == Permit.Needed && row.NextActivation <= search.Now)
                .GroupBy(row =>
                    (Definition: new DefinitionKey(row.WorkflowType, row.Version), row.ExecutorGroup, row.State)
                )
                .Where(queue => search.Places.Contains(new PermitPlace(queue.Key.Definition, queue.Key.ExecutorGroup)))
                .Select(queue => new PermitQueue(
                    queue.Key.Definition,
                    queue.Key.State,
                    long.Min(queue.LongCount(), search.Most),
                    queue.Min(row => row.NextActivation!.Value)
                ))
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> UpcomingAsync(
        IReadOnlyList<DefinitionKey> definitions,
        int limit,
        CancellationToken cancellation
    ) =>
        Listed(() =>
            tables
                .Workflows.Values.Where(row => row.NextActivation is not null && row.Permit != Permit.Needed)
                .Where(row => definitions.Contains(new DefinitionKey(row.WorkflowType, row.Version)))
                .OrderBy(row => row.NextActivation)
                .ThenBy(row => row.Id)
                .Take(limit)
                .Select(row => row.Id)
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        Listed(() =>
            tables
                .Counts.Where(count => count.Value != 0)
                .Select(count => new WorkflowCount(
                    count.Key.WorkflowType,
                    count.Key.Version,
                    count.Key.State,
                    count.Key.Status,
                    count.Value
                ))
        );

    /// <inheritdoc/>
    public Task<bool> TakeRoleAsync(RoleClaim claim, CancellationToken cancellation) =>
        gate.Locked(() => expiry.TakeRole(claim, Now));

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExpiredWorkflow>> FindExpiredAsync(
        ExpiredSearch search,
        CancellationToken cancellation
    ) => gate.Locked(() => expiry.Find(search, Now));

    /// <inheritdoc/>
    public Task<int> DeleteExpiredAsync(IReadOnlyList<ExpiredWorkflow> expired, CancellationToken cancellation) =>
        gate.Locked(() => expiry.Delete(expired, Now));

    /// <inheritdoc/>
    public Task<Leftovers> DeleteLeftoversAsync(LeftoverLimits limits, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            var now = Now;
            var versions = limits.ScriptVersions == 0 ? 0 : shared.Scripts.DeleteOldVersions(limits.ScriptVersions);
            shared.Throughput.DeleteBefore(now - limits.Throughput);
            return new Leftovers(
                expiry.DeleteExecutors(now - limits.Executors),
                shared.Accounts.DeleteExpiredSessions(now),
                limits.Signals == TimeSpan.Zero ? 0 : expiry.DeleteSignals(now - limits.Signals, limits.Limit),
                versions,
                limits.ScriptVersions == 0 ? 0 : shared.Scripts.DeleteOldDefinitions(),
                limits.Audit == TimeSpan.Zero ? 0 : shared.Audit.DeleteBefore(now - limits.Audit, limits.Limit)
            );
        });

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) => exception is RowConflictException;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private bool ReplaceExecutor(long id, Func<ExecutorRecord, ExecutorRecord> change)
    {
        var index = tables.Executors.FindIndex(executor => executor.Id == id && executor.Ended is null);
        if (index < 0)
        {
            return false;
        }

        tables.Executors[index] = change(tables.Executors[index]);
        return true;
    }

    private IEnumerable<SignalRecord> KeptFor(long workflowId) =>
        tables
            .Signals.Where(signal => signal.WorkflowId == workflowId && signal.Taken is null)
            .Select(signal => signal.Signal);

    private Task<IReadOnlyList<T>> Listed<T>(Func<IEnumerable<T>> rows) =>
        gate.Locked<IReadOnlyList<T>>(() => [.. rows()]);

    /// <summary>What all stores on the same rows share.</summary>
    private sealed class Shared
    {
        public Shared(TimeProvider clock, Func<DbTransaction>? besides)
        {
            (Clock, Besides) = (clock, besides);
            Scripts = new InMemoryScripts(Tables, Gate);
            Audit = new InMemoryAuditLog(clock);
        }

        public TimeProvider Clock { get; }

        public Func<DbTransaction>? Besides { get; }

        public InMemoryTables Tables { get; } = new();

        public Lock Gate { get; } = new();

        public InMemoryAccounts Accounts { get; } = new();

        public InMemoryScripts Scripts { get; }

        public InMemoryAuditLog Audit { get; }

        public InMemoryThroughputLog Throughput { get; } = new();
    }
}
