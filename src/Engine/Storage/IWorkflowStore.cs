using System.Data.Common;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// The only way to a database, cut by transaction: each method is one, and takes effect whole or not at all. The contract is
/// written once, as the conformance suite that every store passes. All instants are UTC and kept to the microsecond.
/// </summary>
/// <remarks>
/// Every change of who owns a workflow (claim, takeover, a change by a person) raises its lease, so a commit that carries an
/// older lease finds no row and changes nothing. Counts by type, version, state and status are kept by the same transactions.
/// </remarks>
public interface IWorkflowStore : IAsyncDisposable
{
    /// <summary>
    /// Brings the schema up to this program's version, under a lock, each migration once. Safe from several processes at once.
    /// </summary>
    /// <exception cref="StoreSetupException">The database cannot be opened, or is newer than this program.</exception>
    Task InitializeAsync(CancellationToken cancellation);

    /// <summary>
    /// Writes creates and events as one transaction, as <see cref="WorkflowRule"/> decides. For a member that cannot be written (a
    /// lost lease, an external id in use, a commit callback that throws) the outcome says why; its neighbours are written.
    /// </summary>
    Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation);

    /// <summary>
    /// Writes a batch within a transaction of the caller's on this database, who commits it. Listeners of other processes get it from the
    /// change log; those of this one get what happens next.
    /// </summary>
    /// <exception cref="ArgumentException">The transaction is of another driver, or has ended.</exception>
    /// <exception cref="NotSupportedException">The store has no such transactions.</exception>
    Task<WriteResult> WriteWithinAsync(DbTransaction transaction, WriteBatch batch, CancellationToken cancellation);

    /// <summary>
    /// Takes due workflows for an executor: of its definitions and groups, by due time, each step of priority counting as so much, never one that another
    /// owns, and never one that needs a permit. Each gets the next lease and status EXECUTING.
    /// </summary>
    Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation);

    /// <summary>
    /// Takes due workflows of a type that need permits, as many as its limits allow: keys take turns, and within a key the one due first
    /// comes first. Concurrent calls wait for each other, so that all executors together never have more.
    /// </summary>
    Task<LimitedClaimResult> ClaimLimitedAsync(LimitedClaimRequest request, CancellationToken cancellation);

    /// <summary>The claims that an executor holds according to the database.</summary>
    Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation);

    /// <summary>
    /// Takes every workflow whose owner is not alive (its lease has run out, it has ended, or it is unknown) away from it and
    /// makes it due at once, with a REPAIRED entry in its history.
    /// </summary>
    Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation);

    /// <summary>Registers an executor. Each start is a new one.</summary>
    Task<ExecutorEntry> RegisterExecutorAsync(ExecutorRegistration registration, CancellationToken cancellation);

    /// <summary>Renews an executor's lease, from now on by the database's clock. It never shortens one.</summary>
    Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation);

    /// <summary>Marks an executor as ended.</summary>
    Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation);

    /// <summary>Stores the definitions that a process runs: one row a name and version; the newest is the one saved last.</summary>
    Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    );

    /// <summary>A page of the ids of the unfinished workflows of a version, smallest first.</summary>
    Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation);

    /// <summary>One workflow, or null.</summary>
    Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation);

    /// <summary>One workflow by its external id, compared exactly, or null.</summary>
    Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation);

    /// <summary>A page of workflows, newest first.</summary>
    Task<SearchResult> SearchAsync(WorkflowSearch search, CancellationToken cancellation);

    /// <summary>A page of the signals that were sent to a workflow and that no step has taken yet, oldest first.</summary>
    Task<IReadOnlyList<SignalRecord>> SignalsAsync(SignalSearch search, CancellationToken cancellation);

    /// <summary>The oldest signal of a name that no step of the workflow has taken yet, or null.</summary>
    Task<SignalRecord?> OldestSignalAsync(long workflowId, string name, CancellationToken cancellation);

    /// <summary>The signals that steps of a workflow have taken and that are not deleted yet, oldest first.</summary>
    Task<IReadOnlyList<SignalRecord>> TakenSignalsAsync(long workflowId, CancellationToken cancellation);

    /// <summary>The children of a workflow, oldest first.</summary>
    Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(ChildSearch search, CancellationToken cancellation);

    /// <summary>A page of a workflow's history.</summary>
    Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation);

    /// <summary>The history of a workflow added up by kind and states, in no order. One query, however long the history is.</summary>
    Task<IReadOnlyList<HistorySum>> HistorySumsAsync(long workflowId, CancellationToken cancellation);

    /// <summary>What the history says of variables, oldest first, up to and including a position.</summary>
    Task<IReadOnlyList<TracedChange>> TracedChangesAsync(long workflowId, long upTo, CancellationToken cancellation);

    /// <summary>The newest version of every definition, sorted by name.</summary>
    Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation);

    /// <summary>The newest version of one definition, or null.</summary>
    Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation);

    /// <summary>Every version of one definition, the newest first.</summary>
    Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation);

    /// <summary>Executors, the one last active first.</summary>
    Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation);

    /// <summary>How many workflows there are of each type, version, state and status, from the kept counts.</summary>
    Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation);

    /// <summary>
    /// The first due instant of what is parked, of each of these definitions and each group that it is parked for, whether or not
    /// anybody can run it. It costs the same however much is parked.
    /// </summary>
    Task<IReadOnlyList<FirstDue>> FirstDueAsync(
        IReadOnlyList<DefinitionKey> definitions,
        CancellationToken cancellation
    );

    /// <summary>
    /// The ids of what is parked of these definitions, the one due first before the others; at one instant the smaller id. It costs
    /// the same however much is parked.
    /// </summary>
    Task<IReadOnlyList<long>> UpcomingAsync(
        IReadOnlyList<DefinitionKey> definitions,
        int limit,
        CancellationToken cancellation
    );

    /// <summary>
    /// Who waits for permits: a row for each state, definition and group where any do. In each, no more workflows are looked at than
    /// the search says, whichever these are, so that a longer queue does not cost more.
    /// </summary>
    Task<IReadOnlyList<PermitQueue>> PermitQueuesAsync(PermitQueueSearch search, CancellationToken cancellation);

    /// <summary>Counts all workflows again. Only needed after rows were changed by hand.</summary>
    Task RebuildCountsAsync(CancellationToken cancellation);

    /// <summary>
    /// Takes a role that one process at a time has, or renews it. A process loses it when its lease has run out by the database's
    /// clock; until then no other gets it.
    /// </summary>
    /// <returns>Whether the executor has it now.</returns>
    Task<bool> TakeRoleAsync(RoleClaim claim, CancellationToken cancellation);

    /// <summary>Workflows that ended long ago by the database's clock, those included that are still needed.</summary>
    Task<IReadOnlyList<ExpiredWorkflow>> FindExpiredAsync(ExpiredSearch search, CancellationToken cancellation);

    /// <summary>
    /// Deletes workflows that have ended, with their history, variables and signals, and takes them from the counts, as one
    /// transaction. One whose row has changed since it was seen, whose parent is unfinished, or that another transaction is working on
    /// stays. It waits for nobody.
    /// </summary>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteExpiredAsync(IReadOnlyList<ExpiredWorkflow> expired, CancellationToken cancellation);

    /// <summary>Deletes what is no longer needed beside the workflows.</summary>
    Task<Leftovers> DeleteLeftoversAsync(LeftoverLimits limits, CancellationToken cancellation);

    /// <summary>
    /// How many transactions of creates and steps at a time serve the database best. Default: 1.
    /// </summary>
    int ConcurrentWrites => 1;

    /// <summary>
    /// Puts work on the one thread that writes, in turn with the transactions, so that the next transaction is prepared there without a
    /// change of threads. Null when there is no such thread. To be read once the store is open.
    /// </summary>
    SynchronizationContext? WriterContext => null;

    /// <summary>What processes write down for each other of what they commit.</summary>
    IChangeLog Changes { get; }

    /// <summary>
    /// Tells of what other processes have made due or written to the change log, as soon as they have, until it is cancelled. A hint:
    /// one may be lost, and polling finds what it would have told. A store without such a means returns at once.
    /// </summary>
    Task ListenAsync(StoreNews news, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>
    /// Why it cannot tell of them here although stores of its kind can, in words for the log; null where it can, and where no store of
    /// its kind can. Known when it is initialized.
    /// </summary>
    string? ReasonToPoll => null;

    /// <summary>True when the same call may well succeed later: a busy or unreachable database, not a fault of the call.</summary>
    bool IsTransient(Exception exception);
}
