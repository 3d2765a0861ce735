using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>Creates workflows and waits for them. Thread-safe; one instance per process.</summary>
public sealed class WorkflowOperations
{
    private readonly IWorkflowStore store;
    private readonly Executor executor;
    private readonly DefinitionCatalogue catalogue;
    private readonly ChangeFeed feed;
    private readonly TimeProvider clock;

    internal WorkflowOperations(
        IWorkflowStore store,
        Executor executor,
        DefinitionCatalogue catalogue,
        ChangeFeed feed,
        TimeProvider clock
    )
    {
        this.store = store;
        this.executor = executor;
        this.catalogue = catalogue;
        this.feed = feed;
        this.clock = clock;
    }

    /// <summary>The catalogue of definitions.</summary>
    internal DefinitionCatalogue Catalogue => catalogue;

    /// <summary>The database's clock. It can be read once the executor has started.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Creates a workflow durably. It runs when it is due.</summary>
    /// <returns>Its id, and whether a workflow with that external id already existed.</returns>
    /// <exception cref="RejectedRequestException">A field is invalid. Nothing is stored.</exception>
    /// <exception cref="OverloadedException">Too many creates are waiting.</exception>
    public async Task<CreateOutcome> CreateAsync(CreateWorkflow request, CancellationToken cancellation = default) =>
        await executor.CreateAsync(await CheckAsync(request, cancellation), cancellation);

    /// <summary>
    /// Creates a workflow in the caller's own transaction on the engine's database. It exists once the caller commits. PostgreSQL notifies
    /// the executors of it; on other databases they find it with their next poll (GFLOW_ENGINE_CHECK_DB_INTERVAL).
    /// </summary>
    /// <param name="transaction">The transaction. Its connection must have access to the engine's tables.</param>
    /// <param name="request">The workflow.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>Its id, and whether a workflow with that external id already existed.</returns>
    /// <exception cref="RejectedRequestException">A field is invalid. Nothing is written.</exception>
    /// <exception cref="ArgumentException">The transaction is of another driver than the store's, or has ended.</exception>
    /// <exception cref="NotSupportedException">The store is in memory.</exception>
    public async Task<CreateOutcome> CreateWithinAsync(
        DbTransaction transaction,
        CreateWorkflow request,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var create = await CheckAsync(request, cancellation);
        var batch = new WriteBatch([create], [], ExecutorId: null, clock.Now());
        return (await store.WriteWithinAsync(transaction, batch, cancellation)).Creates[0];
    }

    private async Task<NewWorkflow> CheckAsync(CreateWorkflow request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var definition = await catalogue.FindAsync(request.WorkflowType, cancellation);
        var stateVars = request.StateVars.ToJson();
        RequestFaults.Reject([
            .. FaultsOf(request, definition),
            .. DisabledFault(request.WorkflowType),
            .. SizeFault(stateVars),
            .. await InputFaultAsync(request.WorkflowType, stateVars, cancellation),
        ]);
        var now = clock.Now();
        var due = request.NextActivation?.ToMicroseconds() ?? now;
        return new NewWorkflow
        {
            ExternalId = request.ExternalId,
            WorkflowType = request.WorkflowType,
            Version = definition!.Version,
            BusinessKey = request.BusinessKey,
            ExecutorGroup = request.ExecutorGroup,
            Priority = request.Priority,
            State = definition.InitialState,
            StateVars = stateVars,
            Limit = definition.InitialLimit,
            LimitKey = request.LimitKey,
            NextActivation = due,
            CreatedBy = request.CreatedBy,
            Audit = request.Audit,
            Tracing = definition.Tracing,
        };
    }

    /// <summary>Waits until a workflow has ended, without a timeout.</summary>
    /// <returns>The workflow as it ended, or null if it does not exist.</returns>
    public async Task<WorkflowRecord?> EndAsync(long workflowId, CancellationToken cancellation = default)
    {
        using var changes = Subscribe(workflowId);
        while (true)
        {
            var workflow = await store.FindAsync(workflowId, cancellation);
            if (workflow is null || workflow.Status.IsFinal())
            {
                return workflow;
            }

            while (
                await changes.ReadAsync(cancellation) is FeedItem.Batch batch
                && !batch.Changes.Any(static change => change.Status.IsFinal())
            ) { }
        }
    }

    /// <summary>Subscribes to the changes of a workflow, whichever process commits them.</summary>
    internal ChangeSubscription Subscribe(long workflowId) =>
        feed.Subscribe(ChangeFilter.Workflow(workflowId), capacity: 256);

    /// <summary>
    /// Waits until a workflow is in one of these states, or has passed through one since the call. Without states, it waits until the
    /// workflow is final or waits for a person. A commit by any process wakes it.
    /// </summary>
    public async Task<WaitResult> WaitAsync(
        long workflowId,
        IReadOnlyCollection<string> states,
        TimeSpan limit,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(states);
        using var changes = Subscribe(workflowId);
        using var timer = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        var passed = false;
        while (true)
        {
            // After the timeout, the row is read one last time.
            var isOver = timer.IsCancellationRequested;
            if (await store.FindAsync(workflowId, cancellation) is not { } workflow)
            {
                return new WaitResult(WaitVerdict.NotFound, null);
            }

            if (passed || VerdictOn(workflow.Status, workflow.State, states) is not null)
            {
                var verdict = passed ? WaitVerdict.Reached : VerdictOn(workflow.Status, workflow.State, states)!.Value;
                return new WaitResult(verdict, workflow);
            }

            if (isOver)
            {
                return new WaitResult(WaitVerdict.TimedOut, workflow);
            }

            try
            {
                passed = await WaitForChangeAsync(changes, states, either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The timeout has passed.
            }
        }
    }

    /// <summary>Waits until the row must be read again: for a change that ends the wait, or a gap that may have hidden one.</summary>
    /// <returns>Whether the workflow has been in one of the states.</returns>
    private static async Task<bool> WaitForChangeAsync(
        ChangeSubscription changes,
        IReadOnlyCollection<string> states,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            if (await changes.ReadAsync(cancellation) is not FeedItem.Batch batch)
            {
                return false;
            }

            if (batch.Changes.Any(change => VerdictOn(change.Status, change.State, states) is not null))
            {
                return batch.Changes.Any(change => states.Contains(change.State));
            }
        }
    }

    private static WaitVerdict? VerdictOn(WorkflowStatus status, string state, IReadOnlyCollection<string> states) =>
        (states.Count, status.IsFinal()) switch
        {
            (0, true) => WaitVerdict.Reached,
            (0, false) => status == WorkflowStatus.Waiting ? WaitVerdict.Reached : null,
            _ when states.Contains(state) => WaitVerdict.Reached,
            (_, true) => WaitVerdict.Ended,
            _ => null,
        };

    private FieldFault[] DisabledFault(string workflowType) =>
        catalogue.IsDisabled(workflowType)
            ? [new("workflowType", workflowType, "a definition that is enabled; this one is disabled")]
            : [];

    private async ValueTask<FieldFault[]> InputFaultAsync(
        string workflowType,
        string stateVars,
        CancellationToken cancellation
    ) =>
        await catalogue.InputFaultOfAsync(workflowType, stateVars, cancellation) is { } fault
            ? [new($"stateVars{fault.Path}", null, fault.Expected)]
            : [];

    private FieldFault[] SizeFault(string stateVars) =>
        executor.VariablesLimit.Allows(stateVars)
            ? []
            : [new("stateVars", null, executor.VariablesLimit.Expected(stateVars))];

    /// <summary>
    /// Rejects reserved external ids. Those of schedule runs and webhook deliveries can be predicted, so a caller could otherwise take them
    /// first.
    /// </summary>
    private static FieldFault[] OfReservedId(string externalId) =>
        ReservedIds.PrefixOf(externalId) is { } prefix
            ? [new("externalId", externalId, $"a text that does not begin with {prefix}")]
            : [];

    private static FieldFault[] FaultsOf(CreateWorkflow request, WorkflowDefinitionOutline? definition) =>
        [
            .. RequestFaults.OfText("externalId", request.ExternalId),
            .. OfReservedId(request.ExternalId),
            .. RequestFaults.OfText("executorGroup", request.ExecutorGroup),
            .. RequestFaults.OfText("workflowType", request.WorkflowType),
            .. RequestFaults.OfText("businessKey", request.BusinessKey),
            .. request.LimitKey is null ? [] : RequestFaults.OfText("limitKey", request.LimitKey),
            .. RequestFaults.OfPriority(request.Priority),
            .. definition is not null || string.IsNullOrWhiteSpace(request.WorkflowType)
                ? Array.Empty<FieldFault>()
                : [new("workflowType", request.WorkflowType, "the name of a definition")],
        ];
}
