using System.Diagnostics.CodeAnalysis;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>
/// A declared state machine: the engine's model of a workflow type, however it was written. Immutable. It may be invalid;
/// <see cref="DefinitionValidation"/> checks it.
/// </summary>
public sealed class WorkflowDefinition
{
    private readonly HashSet<string> afterFailure;
    private Dictionary<string, StateDefinition> byName;
    private IReadOnlyList<Webhook> webhooks = [];

    /// <summary>Creates a definition without validating it.</summary>
    /// <param name="name">The name, unique among the definitions of an engine.</param>
    /// <param name="description">One sentence that the console shows.</param>
    /// <param name="states">All states, in display order.</param>
    /// <param name="retry">The retry policy of states that do not set their own; null for <see cref="RetryPolicy.Default"/>.</param>
    /// <param name="version">The version, if set by hand; null to derive it from the states and transitions.</param>
    /// <param name="cancelState">The state to which a cancelled workflow goes to clean up; null to end it as CANCELLED at once.</param>
    /// <param name="retention">How long workflows are kept after they have ended; null for <see cref="Retention.FromSettings"/>.</param>
    /// <param name="failureState">The state to which a workflow goes when a state fails for good; null to let it become FAILED.</param>
    public WorkflowDefinition(
        string name,
        string description,
        IReadOnlyList<StateDefinition> states,
        RetryPolicy? retry = null,
        string? version = null,
        string? cancelState = null,
        Retention? retention = null,
        string? failureState = null
    )
    {
        Name = name;
        Description = description;
        Compensations = Compensations.Of(states);
        // Compensations change the target of a step, so the waits for the target's signal must be added outside of them.
        States = AwaitingStates.Around(Compensations is { } undoing ? [.. states.Select(undoing.Around)] : states);
        Retry = retry ?? RetryPolicy.Default;
        CancelState = cancelState;
        FailureState = failureState;
        Retention = retention ?? Retention.FromSettings;
        byName = ByName(States);
        afterFailure = AfterFailure();
        VersionIsByHand = version is not null;
        Version = version ?? DefinitionVersion.FromShape(this);
    }

    /// <summary>The name, which callers pass as workflowType.</summary>
    public string Name { get; }

    /// <summary>One sentence that the console shows.</summary>
    public string Description { get; }

    /// <summary>The version. A workflow stays on the version on which it started.</summary>
    public string Version { get; }

    /// <summary>Whether the version was set by hand, not derived from the states and transitions.</summary>
    public bool VersionIsByHand { get; }

    /// <summary>All states, in display order.</summary>
    public IReadOnlyList<StateDefinition> States { get; private set; }

    /// <summary>The retry policy of states that do not set their own.</summary>
    public RetryPolicy Retry { get; }

    /// <summary>The state to which a cancelled workflow goes to clean up; null if it ends as CANCELLED at once.</summary>
    public string? CancelState { get; }

    /// <summary>The state to which a workflow goes when a state fails for good; null if it becomes FAILED.</summary>
    public string? FailureState { get; }

    /// <summary>The compensations of the states, or null if there are none.</summary>
    internal Compensations? Compensations { get; }

    /// <summary>
    /// Limits how many of its workflows may run at the same time, or how many of their steps may start within a period. Default: no limits.
    /// The version does not depend on them.
    /// </summary>
    public IReadOnlyList<WorkflowLimit> Limits
    {
        get;
        init
        {
            field = value;
            States = [.. States.Select(state => state with { LimitsOfType = value })];
            byName = ByName(States);
        }
    } = [];

    /// <summary>The webhooks to call when a workflow has ended. Default: none. The version does not depend on them.</summary>
    public IReadOnlyList<Webhook> Webhooks
    {
        get => webhooks;
        init => webhooks = value;
    }

    /// <summary>What the history stores about variables. Default: all values.</summary>
    public VariableTracing Tracing { get; init; } = VariableTracing.Default;

    /// <summary>The type that the variables of a new workflow must fit, or null for any.</summary>
    public DataContract? InputContract { get; init; }

    /// <summary>
    /// Whether the variables of new workflows are checked against a type. An outline of a definition knows this without having the type
    /// itself.
    /// </summary>
    public bool ChecksInput
    {
        get => field || InputContract is not null;
        init;
    }

    /// <summary>The type that a result must fit, or null for any.</summary>
    public DataContract? OutputContract { get; init; }

    /// <summary>How long workflows are kept after they have ended. The version does not depend on it.</summary>
    public Retention Retention { get; }

    /// <summary>The name of the Start state.</summary>
    /// <exception cref="InvalidOperationException">The definition has no Start state, so it is invalid.</exception>
    public string InitialState =>
        States.FirstOrDefault(state => state.Type == StateType.Start)?.Name
        ?? throw new InvalidOperationException($"Definition '{Name}' has no Start state.");

    /// <summary>Finds a state by its name. The match is case-sensitive.</summary>
    public bool TryFind(string state, [MaybeNullWhen(false)] out StateDefinition found) =>
        byName.TryGetValue(state, out found);

    /// <summary>The retry policy that applies to a state: its own, or the definition's.</summary>
    public RetryPolicy RetryOf(StateDefinition state) => state.Retry ?? Retry;

    /// <summary>
    /// The state to which a workflow goes when <paramref name="state"/> fails for good; null if it becomes FAILED. That is the case for the
    /// failure state, for compensations, and for all states reachable from them, because they could otherwise loop forever.
    /// </summary>
    public StateDefinition? FailureStateOf(StateDefinition state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return FailureState is { } name && !afterFailure.Contains(state.Name) && TryFind(name, out var found)
            ? found
            : null;
    }

    /// <summary>A copy with other functions in its states, for tests and trial runs that inspect each step.</summary>
    internal WorkflowDefinition WithFunctions(Func<StateDefinition, StateFunction?> functionOf)
    {
        var copy = (WorkflowDefinition)MemberwiseClone();
        copy.States = [.. States.Select(state => state with { Function = functionOf(state) })];
        copy.byName = ByName(copy.States);
        return copy;
    }

    /// <summary>A copy without webhooks, for trial runs.</summary>
    internal WorkflowDefinition WithoutWebhooks()
    {
        var copy = (WorkflowDefinition)MemberwiseClone();
        copy.webhooks = [];
        return copy;
    }

    private HashSet<string> AfterFailure()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        if (FailureState is null)
        {
            return reached;
        }

        var open = new Stack<string>(Compensations?.Compensating.Append(FailureState) ?? [FailureState]);
        while (open.TryPop(out var name))
        {
            if (reached.Add(name) && TryFind(name, out var state))
            {
                foreach (var target in state.GoesTo)
                {
                    open.Push(target);
                }
            }
        }

        return reached;
    }

    private static Dictionary<string, StateDefinition> ByName(IReadOnlyList<StateDefinition> states)
    {
        var found = new Dictionary<string, StateDefinition>(StringComparer.Ordinal);
        foreach (var state in states)
        {
            found.TryAdd(state.Name, state);
        }

        return found;
    }
}
