using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>What a caller or an operator does to workflows. Thread-safe; one for the process.</summary>
public sealed class WorkflowOperations
{
    private const int LongestText = 500;
    private const int LongestExcerpt = 80;
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
        RejectIfFaulty([
            .. FaultsOf(request, definition),
            .. DisabledFault(request.WorkflowType),
            .. SizeFault(stateVars),
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
                CreatedText = request.CreatedBy is { } actor ? $"Created by {actor}" : "Created",
            },
            cancellation
        );
    }

    /// <summary>Moves a workflow to a state by hand, whatever it is doing; a step that runs is dropped.</summary>
    /// <exception cref="RejectedRequestException">
    /// The definition does not have the state, or the variable cannot be set; nothing is stored.
    /// </exception>
    public async Task<OperationResult> MoveAsync(MoveWorkflow request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RejectIfFaulty([.. VariableFaults(request.Variable)]);
        if (await store.FindAsync(request.WorkflowId, cancellation) is not { } workflow)
        {
            return OperationResult.NotFound;
        }

        var definition = await catalogue.FindAsync(
            new DefinitionKey(workflow.WorkflowType, workflow.Version),
            cancellation
        );
        if (definition?.StateOf(request.State) is not { } target)
        {
            var states = definition?.States ?? [];
            throw new RejectedRequestException([
                new(
                    "state",
                    request.State,
                    $"a state of {workflow.WorkflowType}: {string.Join(", ", states.Select(state => state.Name))}"
                ),
            ]);
        }

        return await ApplyAsync(
            request.WorkflowId,
            new StateChanged(new TargetState(target.Name, target.StatusOnArrival), request.Actor)
            {
                Due = request.NextActivation,
                FromStates = request.FromStates,
                Variable = request.Variable,
                VariablesLimit = executor.VariablesLimit.Bytes,
            },
            cancellation
        );
    }

    /// <summary>Sets one variable by hand. A step that runs is dropped and runs again with the new value.</summary>
    /// <exception cref="RejectedRequestException">The name is empty, the value is no JSON, or the variables become too large; nothing is stored.</exception>
    public async Task<OperationResult> SetVariableAsync(
        long workflowId,
        VariableValue variable,
        string actor,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(variable);
        RejectIfFaulty([.. VariableFaults(variable)]);
        return await ApplyAsync(
            workflowId,
            new VariableSet(variable, actor) { VariablesLimit = executor.VariablesLimit.Bytes },
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

    private async Task<OperationResult> ApplyAsync(
        long workflowId,
        WorkflowEvent happened,
        CancellationToken cancellation
    )
    {
        var batch = new WriteBatch([], [new EventFor(workflowId, happened)], ExecutorId: null, clock.Now());
        var result = await store.WriteAsync(batch, cancellation);
        executor.Observe(result.Changes);
        var outcome = result.Events[0];
        return outcome.Verdict switch
        {
            EventVerdict.Committed => new OperationResult(OperationVerdict.Changed, outcome.Workflow!.State),
            EventVerdict.NotFound => OperationResult.NotFound,
            EventVerdict.Rejected when outcome.Reason is FaultyVariableException fault =>
                throw new RejectedRequestException([new("value", null, fault.Expected)]),
            _ => new OperationResult(OperationVerdict.WrongState, outcome.Workflow?.State),
        };
    }

    private FieldFault[] DisabledFault(string workflowType) =>
        catalogue.IsDisabled(workflowType)
            ? [new("workflowType", workflowType, "a definition that is enabled; this one is disabled")]
            : [];

    private FieldFault[] SizeFault(string stateVars) =>
        executor.VariablesLimit.Allows(stateVars)
            ? []
            : [new("stateVars", null, executor.VariablesLimit.Expected(stateVars))];

    private static FieldFault[] VariableFaults(VariableValue? variable) =>
        variable is null
            ? []
            :
            [
                .. TextFault("key", variable.Key),
                .. variable.IsReadable()
                    ? Array.Empty<FieldFault>()
                    : [new("value", Excerpt(variable.JsonValue), "a JSON value, at most 63 levels deep")],
            ];

    private static string Excerpt(string text) =>
        text.Length <= LongestExcerpt ? text : $"{text[..LongestExcerpt]}... ({text.Length} characters)";

    private static FieldFault[] FaultsOf(CreateWorkflow request, WorkflowDefinitionOutline? definition) =>
        [
            .. TextFault("externalId", request.ExternalId),
            .. TextFault("executorGroup", request.ExecutorGroup),
            .. TextFault("workflowType", request.WorkflowType),
            .. TextFault("businessKey", request.BusinessKey),
            .. request.Priority is >= WorkflowPriority.First and <= WorkflowPriority.Last
                ? Array.Empty<FieldFault>()
                :
                [
                    new(
                        "priority",
                        $"{request.Priority}",
                        $"a whole number from {WorkflowPriority.First} to {WorkflowPriority.Last}"
                    ),
                ],
            .. definition is not null || string.IsNullOrWhiteSpace(request.WorkflowType)
                ? Array.Empty<FieldFault>()
                : [new("workflowType", request.WorkflowType, "the name of a definition")],
        ];

    private static IEnumerable<FieldFault> TextFault(string field, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            yield return new(field, text, "a text that is not empty");
        }
        else if (text.Length > LongestText)
        {
            yield return new(field, $"{text[..20]}... ({text.Length} characters)", $"at most {LongestText} characters");
        }
        else if (text.Contains('\0'))
        {
            yield return new(field, text.Replace("\0", "\\0"), "a text without NUL characters");
        }
    }

    private static void RejectIfFaulty(FieldFault[] faults)
    {
        if (faults.Length > 0)
        {
            throw new RejectedRequestException(faults);
        }
    }
}
