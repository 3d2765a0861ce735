using System.Data.Common;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// The engine's only access to a database. Each method is one transaction, which takes effect completely or not at all. The contract is
/// defined by the conformance test suite, which every store passes. All instants are UTC, with a precision of one microsecond.
/// </summary>
/// <remarks>
/// Every change of a workflow's owner (claim, takeover, or a change by a person) increases its lease, so a commit with an older lease is
/// fenced: it finds no row and changes nothing. The same transactions update the counts by type, version, state and status.
/// </remarks>
public interface IWorkflowStore : IAsyncDisposable
{
    /// <summary>
    /// Migrates the schema to this program's version, under a lock, each migration once. Several processes may call it at the same time.
    /// </summary>
    /// <exception cref="StoreSetupException">The database cannot be opened, or is newer than this program.</exception>
    Task InitializeAsync(CancellationToken cancellation);

    /// <summary>
    /// Writes creates and events in one transaction, as <see cref="WorkflowRule"/> decides. If a member cannot be written (a lost lease, an
    /// external id in use, a commit callback that throws), its outcome gives the reason, and the other members are written.
    /// </summary>
    Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation);

    /// <summary>
    /// Writes a batch within a transaction of the caller on this database, which the caller commits. Listeners of other processes get its
    /// changes from the change log. Listeners of this process do not get them, only later changes.
    /// </summary>
    /// <exception cref="ArgumentException">The transaction belongs to another driver, or has ended.</exception>
    /// <exception cref="NotSupportedException">The store does not support transactions of the caller.</exception>
    Task<WriteResult> WriteWithinAsync(DbTransaction transaction, WriteBatch batch, CancellationToken cancellation);

    /// <summary>
    /// Claims due workflows for an executor: those of its definitions and groups, ordered by due time, adjusted for priority. It never
    /// claims a workflow that another executor owns or that needs a permit. Each claimed workflow gets the next lease and status EXECUTING.
    /// </summary>
    Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation);

    /// <summary>
    /// Claims due workflows of a type that need permits, as many as its limits allow. Keys take turns; within a key, the workflow due first
    /// comes first. Concurrent calls wait for each other, so all executors together never exceed the limits.
    /// </summary>
    Task<LimitedClaimResult> ClaimLimitedAsync(LimitedClaimRequest request, CancellationToken cancellation);

    /// <summary>The claims that an executor holds according to the database.</summary>
    Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation);

    /// <summary>
    /// Takes over workflows whose owner is not alive (its lease has expired, it has ended, or it is unknown), at most
    /// <see cref="RepairRequest.Limit"/>, and makes them due at once, with a REPAIRED entry in their history.
    /// </summary>
    Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation);

    /// <summary>Registers an executor. Each start gets a new id.</summary>
    Task<ExecutorEntry> RegisterExecutorAsync(ExecutorRegistration registration, CancellationToken cancellation);

    /// <summary>Renews an executor's lease, from now on by the database's clock. Never shortens it.</summary>
    Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation);

    /// <summary>Marks an executor as ended.</summary>
    Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation);

    /// <summary>
    /// Stores the definitions that a process runs, one row for each name and version. The version saved last is the newest.
    /// </summary>
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

    /// <summary>The oldest signal with a name that no step of the workflow has taken yet, or null.</summary>
    Task<SignalRecord?> OldestSignalAsync(long workflowId, string name, CancellationToken cancellation);

    /// <summary>The signals that steps of a workflow have taken and that are not deleted yet, oldest first.</summary>
    Task<IReadOnlyList<SignalRecord>> TakenSignalsAsync(long workflowId, CancellationToken cancellation);

    /// <summary>The children of a workflow, oldest first.</summary>
    Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(ChildSearch search, CancellationToken cancellation);

    /// <summary>A page of a workflow's history.</summary>
    Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation);

    /// <summary>
    /// The history of a workflow, summed up by kind and states, in no particular order. One query, however long the history is.
    /// </summary>
    Task<IReadOnlyList<HistorySum>> HistorySumsAsync(long workflowId, CancellationToken cancellation);

    /// <summary>The variable changes in the history, oldest first, up to and including a position.</summary>
    Task<IReadOnlyList<TracedChange>> TracedChangesAsync(long workflowId, long upTo, CancellationToken cancellation);

    /// <summary>The newest version of every definition, sorted by name.</summary>
    Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation);

    /// <summary>The newest version of one definition, or null.</summary>
    Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation);

    /// <summary>Every version of one definition, newest first.</summary>
    Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation);

    /// <summary>Executors, most recently active first.</summary>
    Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation);

    /// <summary>How many workflows there are of each type, version, state and status, from the stored counts.</summary>
    Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation);

    /// <summary>
    /// The first due instant of the parked workflows of these definitions, for each definition and executor group, whether or not any
    /// executor can run them. The cost does not depend on how many are parked.
    /// </summary>
    Task<IReadOnlyList<FirstDue>> FirstDueAsync(
        IReadOnlyList<DefinitionKey> definitions,
        CancellationToken cancellation
    );

    /// <summary>
    /// The ids of the parked workflows of these definitions, the one due first comes first; at the same instant, the smaller id. The cost
    /// does not depend on how many are parked.
    /// </summary>
    Task<IReadOnlyList<long>> UpcomingAsync(
        IReadOnlyList<DefinitionKey> definitions,
        int limit,
        CancellationToken cancellation
    );

    /// <summary>
    /// The workflows that wait for permits: a row for each definition, group and state in which any are due. In each, at most
    /// <see cref="PermitQueueSearch.Most"/> workflows are read, in no particular order, so that a longer queue does not cost more.
    /// </summary>
    Task<IReadOnlyList<PermitQueue>> PermitQueuesAsync(PermitQueueSearch search, CancellationToken cancellation);

    /// <summary>Recomputes the counts from all workflows. Only needed after rows were changed by hand.</summary>
    Task RebuildCountsAsync(CancellationToken cancellation);

    /// <summary>
    /// Takes or renews a role that one process at a time can have. A process loses it when its lease expires by the database's clock; until
    /// then no other process gets it.
    /// </summary>
    /// <returns>Whether the executor has it now.</returns>
    Task<bool> TakeRoleAsync(RoleClaim claim, CancellationToken cancellation);

    /// <summary>Workflows that ended long enough ago by the database's clock, including those that are still needed.</summary>
    Task<IReadOnlyList<ExpiredWorkflow>> FindExpiredAsync(ExpiredSearch search, CancellationToken cancellation);

    /// <summary>
    /// Deletes ended workflows with their history, variables and signals, and subtracts them from the counts, in one transaction. Skips a
    /// workflow whose row has changed since it was read, whose parent is unfinished, or that another transaction has locked. Never waits
    /// for a lock on a workflow.
    /// </summary>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteExpiredAsync(IReadOnlyList<ExpiredWorkflow> expired, CancellationToken cancellation);

    /// <summary>Deletes data other than workflows that is no longer needed.</summary>
    Task<Leftovers> DeleteLeftoversAsync(LeftoverLimits limits, CancellationToken cancellation);

    /// <summary>The number of concurrent transactions of creates and steps that serves the database best. Default: 1.</summary>
    int ConcurrentWrites => 1;

    /// <summary>
    /// Runs work on the store's single writer thread, in turn with the transactions, so that the next transaction is prepared there without
    /// a thread switch. Null if there is no such thread. Read it only after the store was initialized.
    /// </summary>
    SynchronizationContext? WriterContext => null;

    /// <summary>The log in which processes record for each other what they commit.</summary>
    IChangeLog Changes { get; }

    /// <summary>
    /// Reports work that other processes have made due, and entries that they have written to the change log, as soon as they do, until it
    /// is cancelled. A notification may be lost; polling then finds the same. A store without notifications returns at once.
    /// </summary>
    Task ListenAsync(StoreNews news, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>
    /// Why there are no notifications here although stores of this kind support them, as text for the log. Null if there are, or if no
    /// store of this kind supports them. Known after initialization.
    /// </summary>
    string? ReasonToPoll => null;

    /// <summary>
    /// Whether the same call may succeed later: the database is busy or unreachable, and the call itself is not at fault.
    /// </summary>
    bool IsTransient(Exception exception);
}
