using System.Data.Common;
using System.Globalization;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// The rows of workflows in one database, as <see cref="StoreWriter"/> needs them: it reads, locks, inserts and writes rows. It makes no
/// decisions.
/// </summary>
internal interface IRowStore
{
    /// <summary>
    /// Writes rows that were planned without reading them, in one transaction with as few round trips as possible. Every changed row must
    /// still have the lease and revision of its <see cref="RowChange.Before"/>, and no external id may be in use. Assigns the ids of the
    /// creates. Every changed row was unfinished before.
    /// </summary>
    /// <returns>False if a row or an external id was not as expected; nothing is written then.</returns>
    Task<bool> TryWriteAsync(RowSet rows, CancellationToken cancellation);

    /// <summary>Runs a transaction: commits when the work returns, rolls back when it throws.</summary>
    Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken cancellation);

    /// <summary>Runs work within a transaction of the caller, who commits it or rolls it back.</summary>
    /// <exception cref="ArgumentException">The transaction belongs to another driver, or has ended.</exception>
    /// <exception cref="NotSupportedException">The store does not support transactions of the caller.</exception>
    Task<T> WithinAsync<T>(
        DbTransaction transaction,
        Func<IRowTransaction, Task<T>> work,
        CancellationToken cancellation
    );

    /// <summary>Whether a transaction failed because another one inserted the same external id at the same time.</summary>
    bool IsExternalIdTaken(Exception exception);

    /// <summary>Whether the same transaction may succeed when it is retried.</summary>
    bool IsTransient(Exception exception);
}

/// <summary>The operations on rows within a transaction.</summary>
internal interface IRowTransaction
{
    /// <summary>
    /// Locks workflows and their parents until the end of the transaction, and reads them as they are under the lock. The locks are taken
    /// in the order of their ids, so two transactions never deadlock.
    /// </summary>
    /// <param name="ids">The workflows; ids that do not exist are left out.</param>
    /// <param name="withVariables">Whether their variables are read; otherwise they are empty.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    Task<IReadOnlyList<WorkflowRecord>> LockAsync(
        IReadOnlyCollection<long> ids,
        bool withVariables,
        CancellationToken cancellation
    );

    /// <summary>Which of these external ids are in use.</summary>
    Task<IReadOnlyList<TakenExternalId>> FindExternalIdsAsync(
        IReadOnlyCollection<string> externalIds,
        CancellationToken cancellation
    );

    /// <summary>Whether a workflow that is locked has ever received a signal with that key.</summary>
    Task<bool> HasSignalAsync(long workflowId, string key, CancellationToken cancellation);

    /// <summary>
    /// Inserts new workflows with their external ids and assigns their ids; <see cref="WriteAsync"/> writes everything else.
    /// </summary>
    Task InsertAsync(IReadOnlyList<NewRow> rows, CancellationToken cancellation);

    /// <summary>Writes rows that are locked or new, with their history, variables and counts.</summary>
    Task WriteAsync(RowSet rows, CancellationToken cancellation);

    /// <summary>The states in which workflows of a place wait for permits, whether they are due now or later.</summary>
    Task<IReadOnlyList<string>> WaitingStatesAsync(PermitPlace place, CancellationToken cancellation);

    /// <summary>Locks the granting of a type's permits, and reads its position.</summary>
    Task<LimitPosition> LockLimitsAsync(string workflowType, CancellationToken cancellation);

    /// <summary>Writes the position of the granting of a type's permits, which is locked.</summary>
    Task WriteLimitsAsync(string workflowType, LimitPosition position, CancellationToken cancellation);

    /// <summary>The permits of a type that are in use.</summary>
    Task<IReadOnlyList<UsedPermit>> UsedPermitsAsync(string workflowType, CancellationToken cancellation);

    /// <summary>The first waiter of each key after one (null: of every key), in the order of the keys.</summary>
    Task<IReadOnlyList<FirstOfKey>> FirstWaitersAsync(
        PermitPlace place,
        string state,
        string? after,
        int most,
        CancellationToken cancellation
    );

    /// <summary>The waiters that are due, in the order of their keys.</summary>
    Task<IReadOnlyList<FirstOfKey>> DueWaitersAsync(WaiterSearch search, CancellationToken cancellation);

    /// <summary>The first waiters of a key, earliest due first.</summary>
    Task<IReadOnlyList<FirstOfKey>> WaitersAsync(
        PermitPlace place,
        string state,
        string key,
        int most,
        CancellationToken cancellation
    );

    /// <summary>Writes the progress of a job.</summary>
    /// <returns>False if the job has ended, or another executor holds it; nothing is written then.</returns>
    Task<bool> AdvanceJobAsync(JobProgress progress, CancellationToken cancellation);

    /// <summary>Locks a schedule if it has the expected revision.</summary>
    /// <returns>False if it has another revision, or does not exist.</returns>
    Task<bool> TakeScheduleAsync(string name, long revision, CancellationToken cancellation);

    /// <summary>Writes a schedule that is locked.</summary>
    Task WriteScheduleAsync(ScheduleRecord schedule, CancellationToken cancellation);

    /// <summary>Runs an author's callback within the transaction.</summary>
    Task RunAsync(CommitCallback callback, CancellationToken cancellation);
}

/// <summary>An external id in use.</summary>
/// <param name="ExternalId">The external id.</param>
/// <param name="WorkflowId">The workflow that has it.</param>
/// <param name="Token">The token of the create that made it.</param>
internal readonly record struct TakenExternalId(string ExternalId, long WorkflowId, long Token);

/// <summary>A workflow to insert.</summary>
internal sealed class NewRow(WorkflowRecord row, HistoryEntry history, NewWorkflow request, NewRow? parent = null)
{
    /// <summary>The workflow; its id is 0 until it has one.</summary>
    public WorkflowRecord Row { get; private set; } = row;

    /// <summary>The first entry of its history.</summary>
    public HistoryEntry History { get; } = history;

    /// <summary>The token of the create.</summary>
    public long Token { get; } = request.Token;

    /// <summary>The audit entry, or null. Its target is set when the workflow gets its id.</summary>
    public AuditEntry? Audit { get; private set; } = request.Audit;

    /// <summary>How many of its ancestors are inserted with it; they get their ids first.</summary>
    public int Generation { get; } = parent is null ? 0 : parent.Generation + 1;

    /// <summary>Sets the id of its parent, if the parent is inserted with it; the parent must already have its id.</summary>
    public void TakeParent()
    {
        if (parent is not null)
        {
            Row = Row with { ParentWorkflowId = parent.Row.Id };
        }
    }

    /// <summary>Sets its id.</summary>
    public void Assign(long id)
    {
        Row = Row with { Id = id };
        Audit = Audit is null
            ? null
            : Audit with
            {
                TargetKind = AuditEntry.OfWorkflow,
                TargetId = id.ToString(CultureInfo.InvariantCulture),
            };
    }
}

/// <summary>A row that a transaction changes.</summary>
/// <param name="Before">The row as it was read.</param>
/// <param name="After">The row to write.</param>
internal readonly record struct RowChange(WorkflowRecord Before, WorkflowRecord After)
{
    /// <summary>Whether no column of <see cref="StoredValues.Standing"/> changes; unfinished workflows are found by these.</summary>
    public bool KeepsLookupColumns =>
        Before.Status == After.Status
        && Before.ExecutorId == After.ExecutorId
        && Before.NextActivation == After.NextActivation
        && Before.Version == After.Version
        && Before.ExecutorGroup == After.ExecutorGroup
        && Before.Priority == After.Priority
        && Before.Permit == After.Permit
        && Before.LimitKey == After.LimitKey;

    /// <summary>
    /// Whether only columns of <see cref="StoredValues.Course"/> change, as in most steps: the workflow waits for nothing before and after
    /// the step.
    /// </summary>
    public bool ChangesCourseAlone =>
        KeepsLookupColumns
        && Before.IsCleaningUp == After.IsCleaningUp
        && Before.AwaitsChildren == After.AwaitsChildren
        && Before.Woken == After.Woken
        && Before.PauseRequested == After.PauseRequested
        && Before.HeldActivation == After.HeldActivation
        && Equals(Before.AwaitedSignals, After.AwaitedSignals)
        && Equals(Before.KeptSignals, After.KeptSignals)
        && Before.DeadlineState == After.DeadlineState;
}

/// <summary>An entry of the history and the workflow that it belongs to.</summary>
internal readonly record struct HistoryRow(long WorkflowId, HistoryEntry Entry);
