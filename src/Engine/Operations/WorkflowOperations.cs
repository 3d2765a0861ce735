using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>What a caller asks of workflows: create them, and wait for them. Thread-safe; one for the process.</summary>
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

    /// <summary>The definitions that are known.</summary>
    internal DefinitionCatalogue Catalogue => catalogue;

    /// <summary>The database's clock. It can be read once the executor has started.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Creates a workflow, durably, and has it run when it is due.</summary>
    /// <returns>Its id, and whether a workflow with that external id was there before.</returns>
    /// <exception cref="RejectedRequestException">A field is faulty; nothing is stored.</exception>
    public async Task<CreateOutcome> CreateAsync(CreateWorkflow request, CancellationToken cancellation = default) =>
        await executor.CreateAsync(await CheckAsync(request, cancellation), cancellation);

    /// <summary>
    /// Creates a workflow within a transaction of the caller's on the engine's database: it is there once the caller commits. The executors
    /// are told of it by PostgreSQL; on other databases they find it when they look next (GFLOW_ENGINE_CHECK_DB_INTERVAL).
    /// </summary>
    /// <param name="transaction">The transaction; its connection sees the engine's tables.</param>
    /// <param name="request">The workflow.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Its id, and whether a workflow with that external id was there before.</returns>
    /// <exception cref="RejectedRequestException">A field is faulty; nothing is written.</exception>
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

    /// <summary>Waits until a workflow has ended, without limit.</summary>
    /// <returns>The workflow as it has ended; null when there is none.</returns>
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

    /// <summary>Listens to what happens to a workflow, whichever process commits it.</summary>
    internal ChangeSubscription Subscribe(long workflowId) =>
        feed.Subscribe(ChangeFilter.Workflow(workflowId), capacity: 256);

    /// <summary>
    /// Waits until a workflow is in one of the named states, or has passed through one since the call; with none named, until it is
    /// final or waits for a person. Woken by the commit, whichever process makes it.
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
            // Once the time is up this is the last look.
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
                passed = await NeedsALookAsync(changes, states, either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The time is up.
            }
        }
    }

    /// <summary>Waits until the row must be read: for a change that ends the wait, or a gap in which there may have been one.</summary>
    /// <returns>Whether the workflow has been in one of the states.</returns>
    private static async Task<bool> NeedsALookAsync(
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
    /// The run of a schedule and the delivery of a webhook have external ids that are known before they are created; no caller may take them first.
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
