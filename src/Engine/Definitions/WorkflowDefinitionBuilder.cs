using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>Writes a definition in code, state by state. <see cref="Build"/> checks it.</summary>
/// <example>
/// <code>
/// var greeting = WorkflowDefinitionBuilder.Named("Greeting")
///     .Start("Ask", step => NextState.GoTo("Greet").After(TimeSpan.FromMinutes(1)), goesTo: ["Greet"])
///     .State("Greet", async step => { await Greeter.Greet(step.BusinessKey); return NextState.GoTo("Done"); }, goesTo: ["Done"])
///     .End("Done")
///     .Build();
/// </code>
/// </example>
public sealed class WorkflowDefinitionBuilder
{
    private readonly string name;
    private readonly List<StateDefinition> states = [];
    private string description = "";
    private string? version;
    private RetryPolicy? policy;
    private string? cancelState;
    private string? failureState;
    private readonly Dictionary<string, string> compensations = new(StringComparer.Ordinal);
    private readonly List<string> secrets = [];
    private bool keepsValues = true;
    private DataContract? input;
    private DataContract? output;
    private Retention? retention;
    private readonly List<WorkflowLimit> limits = [];
    private readonly List<Webhook> webhooks = [];
    private readonly List<(string State, WorkflowLimit Limit)> limitsOfStates = [];

    private WorkflowDefinitionBuilder(string name) => this.name = name;

    /// <summary>Begins a definition.</summary>
    public static WorkflowDefinitionBuilder Named(string name) => new(name);

    /// <summary>One sentence for the console.</summary>
    public WorkflowDefinitionBuilder Description(string text)
    {
        description = text;
        return this;
    }

    /// <summary>Sets the version by hand instead of making it from the shape of the machine.</summary>
    public WorkflowDefinitionBuilder Version(string text)
    {
        version = text;
        return this;
    }

    /// <summary>The retry policy of states that have none of their own.</summary>
    public WorkflowDefinitionBuilder Retry(RetryPolicy retry)
    {
        policy = retry;
        return this;
    }

    /// <summary>The state to which a cancelled workflow goes to clean up. Default: none; it ends as CANCELLED at once.</summary>
    public WorkflowDefinitionBuilder OnCancel(string state)
    {
        cancelState = state;
        return this;
    }

    /// <summary>Where a workflow goes when a state fails for good. Default: nowhere; it is FAILED.</summary>
    public WorkflowDefinitionBuilder OnFailure(string state)
    {
        failureState = state;
        return this;
    }

    /// <summary>Names the state that undoes another when the workflow compensates, see <see cref="NextState.Compensate(string)"/>.</summary>
    /// <param name="state">What is undone.</param>
    /// <param name="by">What undoes it; it returns <see cref="NextState.Undone"/>, and nothing has to lead to it.</param>
    public WorkflowDefinitionBuilder Compensate(string state, string by)
    {
        compensations[state] = by;
        return this;
    }

    /// <summary>Names variables whose values are never kept in the history.</summary>
    public WorkflowDefinitionBuilder Secret(params string[] variables)
    {
        secrets.AddRange(variables);
        return this;
    }

    /// <summary>Keeps no values of variables in the history, only the names of those that changed.</summary>
    public WorkflowDefinitionBuilder WithoutVariableHistory()
    {
        keepsValues = false;
        return this;
    }

    /// <summary>The type that the variables of a new workflow have to fit. Default: any.</summary>
    public WorkflowDefinitionBuilder Input<T>()
    {
        input = new DataContract(typeof(T));
        return this;
    }

    /// <summary>The type that a result has to fit. Default: any.</summary>
    public WorkflowDefinitionBuilder Output<T>()
    {
        output = new DataContract(typeof(T));
        return this;
    }

    /// <summary>How long workflows are kept after their end. Default: as the settings of the engine say.</summary>
    public WorkflowDefinitionBuilder Retention(Retention spans)
    {
        retention = spans;
        return this;
    }

    /// <summary>Limits how many workflows run at once, or run a state at once, counted over all executors.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="perKey">Whether the limit counts for each limit key separately.</param>
    /// <param name="state">The state; null for all together.</param>
    public WorkflowDefinitionBuilder Concurrency(int count, bool perKey = false, string? state = null) =>
        Limit(WorkflowLimit.Concurrency(count, perKey), state);

    /// <summary>Limits how many steps begin within a span, counted over all executors.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="per">The span.</param>
    /// <param name="perKey">Whether the limit counts for each limit key separately.</param>
    /// <param name="state">The state; null for the steps of all states.</param>
    public WorkflowDefinitionBuilder RateLimit(int count, Per per, bool perKey = false, string? state = null) =>
        Limit(WorkflowLimit.Rate(count, per, perKey), state);

    /// <summary>Tells a receiver over HTTP when a workflow has ended.</summary>
    /// <param name="receiver">The name under which the settings know it (GFLOW_WEBHOOK_URLS).</param>
    /// <param name="on">The ends for which it is called.</param>
    public WorkflowDefinitionBuilder Webhook(string receiver, WorkflowEnds on = WorkflowEnds.All)
    {
        webhooks.Add(new Webhook(receiver) { On = on });
        return this;
    }

    /// <summary>The state in which a workflow starts.</summary>
    public WorkflowDefinitionBuilder Start(
        string state,
        Func<StepContext, Task<NextState>> function,
        IReadOnlyList<string> goesTo,
        RetryPolicy? retry = null,
        TimeSpan? timeout = null
    ) => Add(new(state, StateType.Start, goesTo, step => new(function(step)), retry, timeout));

    /// <summary>The state in which a workflow starts, with a function that has nothing to wait for.</summary>
    public WorkflowDefinitionBuilder Start(
        string state,
        Func<StepContext, NextState> function,
        IReadOnlyList<string> goesTo,
        RetryPolicy? retry = null,
        TimeSpan? timeout = null
    ) => Add(new(state, StateType.Start, goesTo, step => new(function(step)), retry, timeout));

    /// <summary>An ordinary state.</summary>
    public WorkflowDefinitionBuilder State(
        string state,
        Func<StepContext, Task<NextState>> function,
        IReadOnlyList<string> goesTo,
        RetryPolicy? retry = null,
        TimeSpan? timeout = null
    ) => Add(new(state, StateType.Normal, goesTo, step => new(function(step)), retry, timeout));

    /// <summary>An ordinary state with a function that has nothing to wait for.</summary>
    public WorkflowDefinitionBuilder State(
        string state,
        Func<StepContext, NextState> function,
        IReadOnlyList<string> goesTo,
        RetryPolicy? retry = null,
        TimeSpan? timeout = null
    ) => Add(new(state, StateType.Normal, goesTo, step => new(function(step)), retry, timeout));

    /// <summary>A state that waits for a person, who may move it to <paramref name="goesTo"/>; to any state if none is named.</summary>
    public WorkflowDefinitionBuilder Manual(string state, params string[] goesTo) =>
        Add(new(state, StateType.Manual, goesTo));

    /// <summary>A final state that means failure.</summary>
    public WorkflowDefinitionBuilder Error(string state) => Add(new(state, StateType.Error, []));

    /// <summary>A final state that means success.</summary>
    public WorkflowDefinitionBuilder End(string state) => Add(new(state, StateType.End, []));

    /// <summary>The definition.</summary>
    /// <exception cref="InvalidDefinitionException">It has faults; the exception lists all of them.</exception>
    public WorkflowDefinition Build()
    {
        var definition = Draft();
        var faults = DefinitionValidation.Validate(definition);
        return faults.Count == 0 ? definition : throw new InvalidDefinitionException(faults);
    }

    /// <summary>The definition as it stands, unchecked, for callers that report the faults of several together.</summary>
    public WorkflowDefinition Draft() =>
        new(name, description, [.. states.Select(Completed)], policy, version, cancelState, retention, failureState)
        {
            Limits = [.. limits],
            Webhooks = [.. webhooks],
            Tracing = new VariableTracing(keepsValues, [.. secrets]),
            InputContract = input,
            OutputContract = output,
        };

    private WorkflowDefinitionBuilder Limit(WorkflowLimit limit, string? state)
    {
        if (state is null)
        {
            limits.Add(limit);
        }
        else
        {
            limitsOfStates.Add((state, limit));
        }

        return this;
    }

    private StateDefinition Completed(StateDefinition state) =>
        state with
        {
            CompensatedBy = compensations.GetValueOrDefault(state.Name),
            Limits = [.. limitsOfStates.Where(of => of.State == state.Name).Select(of => of.Limit)],
        };

    private WorkflowDefinitionBuilder Add(StateDefinition state)
    {
        states.Add(state);
        return this;
    }
}
