using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>Builds a definition in code, state by state. <see cref="Build"/> validates it.</summary>
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

    /// <summary>Starts a definition with a name, which callers pass as workflowType.</summary>
    public static WorkflowDefinitionBuilder Named(string name) => new(name);

    /// <summary>Sets the description: one sentence that the console shows.</summary>
    public WorkflowDefinitionBuilder Description(string text)
    {
        description = text;
        return this;
    }

    /// <summary>Sets the version by hand. Default: derived from the states and transitions.</summary>
    public WorkflowDefinitionBuilder Version(string text)
    {
        version = text;
        return this;
    }

    /// <summary>Sets the retry policy of states that do not set their own. Default: <see cref="RetryPolicy.Default"/>.</summary>
    public WorkflowDefinitionBuilder Retry(RetryPolicy retry)
    {
        policy = retry;
        return this;
    }

    /// <summary>Sets the state to which a cancelled workflow goes to clean up. Default: it ends as CANCELLED at once.</summary>
    public WorkflowDefinitionBuilder OnCancel(string state)
    {
        cancelState = state;
        return this;
    }

    /// <summary>Sets the state to which a workflow goes when a state fails for good. Default: it becomes FAILED.</summary>
    public WorkflowDefinitionBuilder OnFailure(string state)
    {
        failureState = state;
        return this;
    }

    /// <summary>
    /// Sets the state that undoes another when the workflow compensates. See <see cref="NextState.Compensate(string)"/>.
    /// </summary>
    /// <param name="state">The state to undo.</param>
    /// <param name="by">The state that undoes it. It returns <see cref="NextState.Undone"/>; no other state has to lead to it.</param>
    public WorkflowDefinitionBuilder Compensate(string state, string by)
    {
        compensations[state] = by;
        return this;
    }

    /// <summary>Names variables whose values are never stored in the history.</summary>
    public WorkflowDefinitionBuilder Secret(params string[] variables)
    {
        secrets.AddRange(variables);
        return this;
    }

    /// <summary>Stores no values of variables in the history, only the names of those that changed.</summary>
    public WorkflowDefinitionBuilder WithoutVariableHistory()
    {
        keepsValues = false;
        return this;
    }

    /// <summary>Sets the type that the variables of a new workflow must fit. Default: any.</summary>
    public WorkflowDefinitionBuilder Input<T>()
    {
        input = new DataContract(typeof(T));
        return this;
    }

    /// <summary>Sets the type that the result must fit. Default: any.</summary>
    public WorkflowDefinitionBuilder Output<T>()
    {
        output = new DataContract(typeof(T));
        return this;
    }

    /// <summary>Sets how long workflows are kept after they have ended. Default: according to the engine's settings.</summary>
    public WorkflowDefinitionBuilder Retention(Retention spans)
    {
        retention = spans;
        return this;
    }

    /// <summary>Limits how many workflows run at the same time, or run one state at the same time, across all executors.</summary>
    /// <param name="count">The maximum, at least 1.</param>
    /// <param name="perKey">Whether the limit counts for each limit key separately.</param>
    /// <param name="state">The state; null to count workflows in any state.</param>
    public WorkflowDefinitionBuilder Concurrency(int count, bool perKey = false, string? state = null) =>
        Limit(WorkflowLimit.Concurrency(count, perKey), state);

    /// <summary>Limits how many steps start within a period, across all executors.</summary>
    /// <param name="count">The maximum, at least 1.</param>
    /// <param name="per">The period.</param>
    /// <param name="perKey">Whether the limit counts for each limit key separately.</param>
    /// <param name="state">The state; null to count the steps of all states.</param>
    public WorkflowDefinitionBuilder RateLimit(int count, Per per, bool perKey = false, string? state = null) =>
        Limit(WorkflowLimit.Rate(count, per, perKey), state);

    /// <summary>Calls a receiver over HTTP when a workflow has ended.</summary>
    /// <param name="receiver">The name of the receiver in the settings (GFLOW_WEBHOOK_URLS).</param>
    /// <param name="on">Which endings trigger the call. Default: all.</param>
    public WorkflowDefinitionBuilder Webhook(string receiver, WorkflowEnds on = WorkflowEnds.All)
    {
        webhooks.Add(new Webhook(receiver) { On = on });
        return this;
    }

    /// <summary>Adds the state in which a workflow starts, with an asynchronous function.</summary>
    public WorkflowDefinitionBuilder Start(
        string state,
        Func<StepContext, Task<NextState>> function,
        IReadOnlyList<string> goesTo,
        RetryPolicy? retry = null,
        TimeSpan? timeout = null
    ) => Add(new(state, StateType.Start, goesTo, step => new(function(step)), retry, timeout));

    /// <summary>Adds the state in which a workflow starts, with a synchronous function.</summary>
    public WorkflowDefinitionBuilder Start(
        string state,
        Func<StepContext, NextState> function,
        IReadOnlyList<string> goesTo,
        RetryPolicy? retry = null,
        TimeSpan? timeout = null
    ) => Add(new(state, StateType.Start, goesTo, step => new(function(step)), retry, timeout));

    /// <summary>Adds an ordinary state, with an asynchronous function.</summary>
    public WorkflowDefinitionBuilder State(
        string state,
        Func<StepContext, Task<NextState>> function,
        IReadOnlyList<string> goesTo,
        RetryPolicy? retry = null,
        TimeSpan? timeout = null
    ) => Add(new(state, StateType.Normal, goesTo, step => new(function(step)), retry, timeout));

    /// <summary>Adds an ordinary state, with a synchronous function.</summary>
    public WorkflowDefinitionBuilder State(
        string state,
        Func<StepContext, NextState> function,
        IReadOnlyList<string> goesTo,
        RetryPolicy? retry = null,
        TimeSpan? timeout = null
    ) => Add(new(state, StateType.Normal, goesTo, step => new(function(step)), retry, timeout));

    /// <summary>
    /// Adds a state in which the workflow waits for a person, who may move it to one of <paramref name="goesTo"/>, or to any state if none
    /// is given.
    /// </summary>
    public WorkflowDefinitionBuilder Manual(string state, params string[] goesTo) =>
        Add(new(state, StateType.Manual, goesTo));

    /// <summary>Adds a final state that means failure.</summary>
    public WorkflowDefinitionBuilder Error(string state) => Add(new(state, StateType.Error, []));

    /// <summary>Adds a final state that means success.</summary>
    public WorkflowDefinitionBuilder End(string state) => Add(new(state, StateType.End, []));

    /// <summary>Validates and returns the definition.</summary>
    /// <exception cref="InvalidDefinitionException">The definition is invalid. The exception lists all errors.</exception>
    public WorkflowDefinition Build()
    {
        var definition = Draft();
        var faults = DefinitionValidation.Validate(definition);
        return faults.Count == 0 ? definition : throw new InvalidDefinitionException(faults);
    }

    /// <summary>Returns the definition without validating it, for callers that report the errors of several definitions together.</summary>
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
