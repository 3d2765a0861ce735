using System.Diagnostics.CodeAnalysis;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>
/// A declared state machine: all that the engine knows of a workflow type, however it was written. Immutable. It may be
/// faulty until <see cref="DefinitionValidation"/> has passed it.
/// </summary>
public sealed class WorkflowDefinition
{
    private readonly HashSet<string> afterFailure;
    private Dictionary<string, StateDefinition> byName;
    private IReadOnlyList<Webhook> webhooks = [];

    /// <summary>Puts a definition together without checking it.</summary>
    /// <param name="name">Unique among the definitions of an engine.</param>
    /// <param name="description">One sentence for the console.</param>
    /// <param name="states">All states, in the order in which they are shown.</param>
    /// <param name="retry">The policy of states that have none of their own; null means <see cref="RetryPolicy.Default"/>.</param>
    /// <param name="version">Set by hand; null means made from the shape of the machine.</param>
    /// <param name="cancelState">Where a cancelled workflow goes to clean up; null means that it just ends.</param>
    /// <param name="retention">How long workflows are kept after their end; null means <see cref="Retention.AsSet"/>.</param>
    /// <param name="failureState">Where a workflow goes when a state fails for good; null means that it is FAILED.</param>
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
        // Undoing decides where a step goes, so waits for the signal of the next state are added last.
        States = AwaitingStates.Around(Compensations is { } undoing ? [.. states.Select(undoing.Around)] : states);
        Retry = retry ?? RetryPolicy.Default;
        CancelState = cancelState;
        FailureState = failureState;
        Retention = retention ?? Retention.AsSet;
        byName = ByName(States);
        afterFailure = AfterFailure();
        VersionIsByHand = version is not null;
        Version = version ?? DefinitionVersion.FromShape(this);
    }

    /// <summary>The name, which callers give as workflowType.</summary>
    public string Name { get; }

    /// <summary>One sentence for the console.</summary>
    public string Description { get; }

    /// <summary>Which version this is; a workflow records the one it started on.</summary>
    public string Version { get; }

    /// <summary>Whether the version was set by hand rather than made from the shape of the machine.</summary>
    public bool VersionIsByHand { get; }

    /// <summary>All states, in the order in which they are shown.</summary>
    public IReadOnlyList<StateDefinition> States { get; private set; }

    /// <summary>The retry policy of states that have none of their own.</summary>
    public RetryPolicy Retry { get; }

    /// <summary>The state to which a cancelled workflow goes to clean up, or null: then it ends as CANCELLED at once.</summary>
    public string? CancelState { get; }

    /// <summary>Where a workflow goes when a state fails for good; null when it is FAILED then.</summary>
    public string? FailureState { get; }

    /// <summary>Which states undo which; null when none is ever undone.</summary>
    internal Compensations? Compensations { get; }

    /// <summary>
    /// How many of its workflows may run at once, or how many of their steps may begin within a span. Default: any number. The version does
    /// not depend on it.
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

    /// <summary>The webhooks to call when one of its workflows has ended. Default: none. The version does not depend on them.</summary>
    public IReadOnlyList<Webhook> Webhooks
    {
        get => webhooks;
        init => webhooks = value;
    }

    /// <summary>What the history keeps of the variables. Default: all values.</summary>
    public VariableTracing Tracing { get; init; } = VariableTracing.Default;

    /// <summary>The type that the variables of a new workflow have to fit, or null for any.</summary>
    public DataContract? InputContract { get; init; }

    /// <summary>Whether new workflows have to fit a type, which an outline of a definition does not have at hand.</summary>
    public bool ChecksInput
    {
        get => field || InputContract is not null;
        init;
    }

    /// <summary>The type that a result has to fit, or null for any.</summary>
    public DataContract? OutputContract { get; init; }

    /// <summary>How long workflows are kept after their end. The version does not depend on it.</summary>
    public Retention Retention { get; }

    /// <summary>The name of the Start state.</summary>
    /// <exception cref="InvalidOperationException">There is none: the definition is faulty.</exception>
    public string InitialState =>
        States.FirstOrDefault(state => state.Type == StateType.Start)?.Name
        ?? throw new InvalidOperationException($"Definition '{Name}' has no Start state.");

    /// <summary>Finds a state by its name; the match is exact.</summary>
    public bool TryFind(string state, [MaybeNullWhen(false)] out StateDefinition found) =>
        byName.TryGetValue(state, out found);

    /// <summary>The policy that holds for a state.</summary>
    public RetryPolicy RetryOf(StateDefinition state) => state.Retry ?? Retry;

    /// <summary>
    /// Where a workflow goes when a state fails for good; null when it is FAILED then. What the state for failures leads to, and what undoes
    /// a state, does not come back to it: it would go round for ever.
    /// </summary>
    public StateDefinition? FailureStateOf(StateDefinition state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return FailureState is { } name && !afterFailure.Contains(state.Name) && TryFind(name, out var found)
            ? found
            : null;
    }

    /// <summary>The same definition with other functions in its states: for tests and trials that look at each step.</summary>
    internal WorkflowDefinition WithFunctions(Func<StateDefinition, StateFunction?> functionOf)
    {
        var copy = (WorkflowDefinition)MemberwiseClone();
        copy.States = [.. States.Select(state => state with { Function = functionOf(state) })];
        copy.byName = ByName(copy.States);
        return copy;
    }

    /// <summary>The same definition without webhooks, for trials.</summary>
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
