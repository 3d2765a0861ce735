using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>What a caller asks of workflows: create them, and wait for them. Thread-safe; one for the process.</summary>
public sealed class WorkflowOperations
{
    private static readonly TimeSpan WaitPoll = TimeSpan.FromSeconds(1);

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

    /// <summary>The database's clock. It can be read once the executor has started.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Creates a workflow, durably, and has it run when it is due.</summary>
    /// <returns>Its id, and whether a workflow with that external id was there before.</returns>
    /// <exception cref="RejectedRequestException">A field is faulty; nothing is stored.</exception>
    public async Task<CreateOutcome> CreateAsync(CreateWorkflow request, CancellationToken cancellation = default)
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
        return await executor.CreateAsync(
            new NewWorkflow
            {
                ExternalId = request.ExternalId,
                WorkflowType = request.WorkflowType,
                Version = definition!.Version,
                BusinessKey = request.BusinessKey,
                ExecutorGroup = request.ExecutorGroup,
                Priority = request.Priority,
                State = definition.InitialState,
                StateVars = stateVars,
                NextActivation = due,
                CreatedBy = request.CreatedBy,
                Tracing = definition.Tracing,
            },
            cancellation
        );
    }

    /// <summary>
    /// Waits until a workflow is in one of the named states, or has passed through one since the call; with none named, until it is
    /// final or waits for a person. Woken by the commit itself; a look at the store now and then finds what other processes
    /// committed.
    /// </summary>
    public async Task<WaitResult> WaitAsync(
        long workflowId,
        IReadOnlyCollection<string> states,
        TimeSpan limit,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(states);
        using var changes = feed.Subscribe(capacity: 256, workflowId);
        var began = clock.GetTimestamp();
        var passed = false;
        while (true)
        {
            if (await store.FindAsync(workflowId, cancellation) is not { } workflow)
            {
                return new WaitResult(WaitVerdict.NotFound, null);
            }

            if (passed || VerdictOn(workflow, states) is not null)
            {
                return new WaitResult(passed ? WaitVerdict.Reached : VerdictOn(workflow, states)!.Value, workflow);
            }

            var left = limit - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return new WaitResult(WaitVerdict.TimedOut, workflow);
            }

            await ChangedAsync(changes, left < WaitPoll ? left : WaitPoll, cancellation);
            while (changes.Reader.TryRead(out var change))
            {
                passed |= states.Contains(change.State);
            }
        }
    }

    private static WaitVerdict? VerdictOn(WorkflowRecord workflow, IReadOnlyCollection<string> states) =>
        (states.Count, workflow.Status.IsFinal()) switch
        {
            (0, true) => WaitVerdict.Reached,
            (0, false) => workflow.Status == WorkflowStatus.Waiting ? WaitVerdict.Reached : null,
            _ when states.Contains(workflow.State) => WaitVerdict.Reached,
            (_, true) => WaitVerdict.Ended,
            _ => null,
        };

    private async Task ChangedAsync(ChangeSubscription changes, TimeSpan atMost, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(atMost, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            await changes.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nothing was committed here; the caller looks at the store in case another process did.
        }
    }

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

    private static FieldFault[] FaultsOf(CreateWorkflow request, WorkflowDefinitionOutline? definition) =>
        [
            .. RequestFaults.OfText("externalId", request.ExternalId),
            .. RequestFaults.OfText("executorGroup", request.ExecutorGroup),
            .. RequestFaults.OfText("workflowType", request.WorkflowType),
            .. RequestFaults.OfText("businessKey", request.BusinessKey),
            .. RequestFaults.OfPriority(request.Priority),
            .. definition is not null || string.IsNullOrWhiteSpace(request.WorkflowType)
                ? Array.Empty<FieldFault>()
                : [new("workflowType", request.WorkflowType, "the name of a definition")],
        ];
}
