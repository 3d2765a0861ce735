using System.Data.Common;
using System.Globalization;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// The rows of workflows in one database, as <see cref="StoreWriter"/> needs them: read, lock, insert, write. It decides nothing.
/// </summary>
internal interface IRowStore
{
    /// <summary>
    /// Writes rows that were planned without reading them, as one transaction in as few round trips as possible, provided that every
    /// changed row still has the lease and revision of its <see cref="RowChange.Before"/> and no external id is in use. Gives the
    /// creates their ids. Every changed row was unfinished before.
    /// </summary>
    /// <returns>False when something was not as it was thought to be; nothing is written then.</returns>
    Task<bool> TryWriteAsync(RowSet rows, CancellationToken cancellation);

    /// <summary>Runs a transaction: committed when the work returns, rolled back when it throws.</summary>
    Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken cancellation);

    /// <summary>Does work within a transaction of the caller's, who commits it or rolls it back.</summary>
    /// <exception cref="ArgumentException">The transaction is of another driver, or has ended.</exception>
    /// <exception cref="NotSupportedException">The store has no such transactions.</exception>
    Task<T> WithinAsync<T>(
        DbTransaction transaction,
        Func<IRowTransaction, Task<T>> work,
        CancellationToken cancellation
    );

    /// <summary>Whether a transaction failed because another has inserted the same external id at the same time.</summary>
    bool IsExternalIdTaken(Exception exception);

    /// <summary>Whether the same transaction may succeed when it is tried again.</summary>
    bool IsTransient(Exception exception);
}

/// <summary>What a transaction can do with rows.</summary>
internal interface IRowTransaction
{
    /// <summary>
    /// Locks workflows and their parents until the end of the transaction, and reads them as they are then. In the order of their
    /// ids, so that two transactions never wait for each other in a circle.
    /// </summary>
    /// <param name="ids">The workflows; one that does not exist is left out.</param>
    /// <param name="withVariables">Whether their variables are read; without, they are empty.</param>
    /// <param name="cancellation">Ends the wait.</param>
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

    /// <summary>Gives new workflows their ids and their external ids; <see cref="WriteAsync"/> writes the rest of them.</summary>
    Task InsertAsync(IReadOnlyList<NewRow> rows, CancellationToken cancellation);

    /// <summary>Writes rows that are locked or new, with history, variables and counts.</summary>
    Task WriteAsync(RowSet rows, CancellationToken cancellation);

    /// <summary>The states in which workflows of a place wait for permits, due now or later.</summary>
    Task<IReadOnlyList<string>> WaitingStatesAsync(PermitPlace place, CancellationToken cancellation);

    /// <summary>Locks the granting of a type's permits, and reads how far it is.</summary>
    Task<LimitPosition> LockLimitsAsync(string workflowType, CancellationToken cancellation);

    /// <summary>Writes how far the granting of a type's permits is; it is locked.</summary>
    Task WriteLimitsAsync(string workflowType, LimitPosition position, CancellationToken cancellation);

    /// <summary>The permits of a type that are in use.</summary>
    Task<IReadOnlyList<UsedPermit>> UsedPermitsAsync(string workflowType, CancellationToken cancellation);

    /// <summary>The first waiter of each key behind one (null: of all), in the order of the keys.</summary>
    Task<IReadOnlyList<FirstOfKey>> FirstWaitersAsync(
        PermitPlace place,
        string state,
        string? after,
        int most,
        CancellationToken cancellation
    );

    /// <summary>Those that are due, in the order of their keys.</summary>
    Task<IReadOnlyList<FirstOfKey>> DueWaitersAsync(WaiterSearch search, CancellationToken cancellation);

    /// <summary>The first waiters of a key, the one due first before the others.</summary>
    Task<IReadOnlyList<FirstOfKey>> WaitersAsync(
        PermitPlace place,
        string state,
        string key,
        int most,
        CancellationToken cancellation
    );

    /// <summary>Writes how far a job is.</summary>
    /// <returns>False when the job has ended, or another executor holds it; nothing is written then.</returns>
    Task<bool> AdvanceJobAsync(JobProgress progress, CancellationToken cancellation);

    /// <summary>Locks a schedule that has a revision.</summary>
    /// <returns>False when it has another one, or there is none of that name.</returns>
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

    /// <summary>The entry for the audit log, or null; it has its target once the workflow has its id.</summary>
    public AuditEntry? Audit { get; private set; } = request.Audit;

    /// <summary>How many of its ancestors are inserted with it: they get their ids first.</summary>
    public int Generation { get; } = parent is null ? 0 : parent.Generation + 1;

    /// <summary>Gives it the id of a parent that is inserted with it, which has its own by now.</summary>
    public void TakeParent()
    {
        if (parent is not null)
        {
            Row = Row with { ParentWorkflowId = parent.Row.Id };
        }
    }

    /// <summary>Gives it its id.</summary>
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
/// <param name="Before">As it was read.</param>
/// <param name="After">As it is to be.</param>
internal readonly record struct RowChange(WorkflowRecord Before, WorkflowRecord After)
{
    /// <summary>Whether no column changes by which an unfinished workflow is found (<see cref="StoredValues.Standing"/>).</summary>
    public bool KeepsStanding =>
        Before.Status == After.Status
        && Before.ExecutorId == After.ExecutorId
        && Before.NextActivation == After.NextActivation
        && Before.Version == After.Version
        && Before.ExecutorGroup == After.ExecutorGroup
        && Before.Priority == After.Priority
        && Before.Permit == After.Permit
        && Before.LimitKey == After.LimitKey;

    /// <summary>
    /// Whether nothing changes but the course (<see cref="StoredValues.Course"/>): the step of a workflow that waits for nothing, before and
    /// after, which is most of them.
    /// </summary>
    public bool ChangesCourseAlone =>
        KeepsStanding
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
