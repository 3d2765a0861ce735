using System.Text.Json;

namespace GopherFlow.Authoring;

/// <summary>When a workflow runs its next state.</summary>
public enum ActivationKind
{
    /// <summary>At once, on the same worker, without a new claim.</summary>
    Now,

    /// <summary>At an instant (one that has passed means at once).</summary>
    At,

    /// <summary>A duration after the commit of this step.</summary>
    After,

    /// <summary>When no child of the workflow is unfinished any more.</summary>
    WhenChildrenFinished,

    /// <summary>When a signal that it waits for has come.</summary>
    WhenSignalled,
}

/// <summary>Where a workflow goes when what it waits for has not come by then.</summary>
/// <param name="State">The state to go to.</param>
/// <param name="Instant">By when; null when <paramref name="Delay"/> says it.</param>
/// <param name="Delay">How long after the commit of the step.</param>
public readonly record struct Deadline(string State, DateTimeOffset? Instant, TimeSpan Delay);

/// <summary>When to run next; made by the methods of <see cref="NextState"/>.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Instant">The instant, for <see cref="ActivationKind.At"/>.</param>
/// <param name="Delay">The duration, for <see cref="ActivationKind.After"/>.</param>
public readonly record struct Activation(
    ActivationKind Kind,
    DateTimeOffset Instant = default,
    TimeSpan Delay = default
);

/// <summary>
/// What a state function returns: where to go and what else is to be committed with it. Everything in it is written in one
/// transaction, or nothing of it is. Immutable: each method gives a changed copy.
/// </summary>
public sealed record NextState
{
    private NextState(string target) => Target = target;

    /// <summary>
    /// The state to go to. It must be among the declared targets of the current state. Empty for <see cref="Undone"/>, until it is known
    /// what is left to undo.
    /// </summary>
    public string Target { get; private init; }

    /// <summary>A line for the workflow's history (type LOG), or null.</summary>
    public string? LogText { get; private init; }

    /// <summary>When the target runs. Default: at once.</summary>
    public Activation Activation { get; private init; }

    /// <summary>Whether the parent, if there is one, becomes due with this commit.</summary>
    public bool WakesParent { get; private init; }

    /// <summary>The children that are created with this commit.</summary>
    public IReadOnlyList<ChildRequest> Children { get; private init; } = [];

    /// <summary>The signals that the workflow waits for before the target runs.</summary>
    public IReadOnlyList<string> AwaitedSignals { get; private init; } = [];

    /// <summary>Where to go when what is waited for has not come by then; null to wait for ever.</summary>
    public Deadline? Deadline { get; private init; }

    /// <summary>The key under which limits count the workflow from here on; null to leave it.</summary>
    public string? LimitKey { get; private init; }

    /// <summary>What it says of undoing.</summary>
    internal Undoing Undoing { get; private init; }

    /// <summary>Where it goes when all is undone, as the step that begins it says; null for any other.</summary>
    internal string? WhenUndone { get; private init; }

    /// <summary>Whether <see cref="Target"/> is where it goes, and what can be undone is written down.</summary>
    internal bool IsSettled { get; private init; }

    /// <summary>The variables with which the workflow begins anew; null when it does not.</summary>
    internal Variables? Beginning { get; private init; }

    /// <summary>What the workflow gives as its result; null for none.</summary>
    internal IOutput? Output { get; private init; }

    /// <summary>
    /// Waits for a signal, or for the first of several, before a state runs: <c>NextState.WaitFor("paid").Then("Ship")</c>. One that was
    /// sent before counts.
    /// </summary>
    /// <exception cref="ArgumentException">There is no name, or one is empty or has a line break.</exception>
    public static SignalWait WaitFor(params string[] signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        return new SignalWait(signals);
    }

    /// <summary>Goes to a state.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static NextState GoTo(string state)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(state);
        return new NextState(state);
    }

    /// <summary>
    /// Undoes what the workflow has done: the states that have a compensation (<see cref="CompensateAttribute"/>), the last one first, each
    /// in a step of its own. When all is undone it goes to a state. The state that says so does not count as done.
    /// </summary>
    /// <param name="then">Where to go when all is undone; it must be among the declared targets of the current state.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static NextState Compensate(string then) => GoTo(then) with { Undoing = Undoing.Begins, WhenUndone = then };

    /// <summary>The same, with a state that the generator made: <c>Compensate(To.Cancelled)</c>.</summary>
    /// <exception cref="ArgumentException">More than the name of the state is said with it.</exception>
    public static NextState Compensate(NextState then) => Compensate(NameIn(then));

    /// <summary>
    /// The state has undone what it is there to undo: continues with what was done before that, or, if nothing is left, where
    /// <see cref="Compensate(string)"/> said. Only from a state that <see cref="CompensateAttribute"/> names.
    /// </summary>
    public static NextState Undone() => new("") { Undoing = Undoing.Undone };

    /// <summary>Adds a line to the workflow's history, under the name of the target.</summary>
    public NextState Log(string text) => this with { LogText = text };

    /// <summary>Runs the target at an instant; one that has passed means at once.</summary>
    public NextState At(DateTimeOffset instant) =>
        this with
        {
            Activation = new Activation(ActivationKind.At, Instant: instant),
        };

    /// <summary>Runs the target a duration after this commit; zero or less means at once.</summary>
    public NextState After(TimeSpan delay) =>
        this with
        {
            Activation = new Activation(ActivationKind.After, Delay: delay),
        };

    /// <summary>The same, as a sum of days, hours, minutes and seconds: <c>To.Remind.After(days: 3)</c>.</summary>
    public NextState After(double days = 0, double hours = 0, double minutes = 0, double seconds = 0) =>
        After(SpanOf(days, hours, minutes, seconds));

    /// <summary>
    /// Runs the target when every child of the workflow has reached a final status (those created by this very step
    /// included). Nothing is polled: the commit that finishes the last child makes the parent due.
    /// </summary>
    public NextState WhenChildrenFinished() =>
        this with
        {
            Activation = new Activation(ActivationKind.WhenChildrenFinished),
        };

    /// <summary>
    /// Goes to another state if nobody has come a duration after this commit: no person to a Manual target, no signal, not the last of the
    /// children. The other state must be declared as a target of the current state, or of the Manual one. A target that runs at once, or at
    /// an instant, has nothing to wait for: then it says nothing.
    /// </summary>
    public NextState OrAfter(TimeSpan delay, string state)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(state);
        return this with { Deadline = new Deadline(state, null, delay) };
    }

    /// <summary>The same, with a state that the generator made: <c>To.Approval.OrAfter(oneDay, To.Reminder)</c>.</summary>
    /// <exception cref="ArgumentException">More than the name of the state is said with it.</exception>
    public NextState OrAfter(TimeSpan delay, NextState state) => OrAfter(delay, NameIn(state));

    /// <summary>The same, with the span as a sum: <c>To.Approval.OrAfter(To.Reminder, days: 1)</c>.</summary>
    /// <exception cref="ArgumentException">More than the name of the state is said with it.</exception>
    public NextState OrAfter(
        NextState state,
        double days = 0,
        double hours = 0,
        double minutes = 0,
        double seconds = 0
    ) => OrAfter(SpanOf(days, hours, minutes, seconds), NameIn(state));

    /// <summary>The same, by an instant.</summary>
    public NextState OrAt(DateTimeOffset instant, string state)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(state);
        return this with { Deadline = new Deadline(state, instant, TimeSpan.Zero) };
    }

    /// <summary>The same, by an instant, with a state that the generator made.</summary>
    /// <exception cref="ArgumentException">More than the name of the state is said with it.</exception>
    public NextState OrAt(DateTimeOffset instant, NextState state) => OrAt(instant, NameIn(state));

    /// <summary>
    /// Makes the parent due. A wake that arrives while the parent runs is kept until it parks. Without a parent it does nothing.
    /// </summary>
    public NextState WakeParent() => this with { WakesParent = true };

    /// <summary>
    /// The key under which limits that hold for each key count the workflow, from the target on: a customer, a tenant. Until one is given it
    /// is the business key.
    /// </summary>
    /// <exception cref="ArgumentException">The key is empty, has NUL characters or more than 500 characters.</exception>
    public NextState WithLimitKey(string key)
    {
        return this with { LimitKey = ChildRequest.Checked(key) };
    }

    /// <summary>
    /// Closes the history of the workflow and continues in the target with these variables alone, under the same ids: for a workflow that
    /// loops for ever. The history keeps the generation that ends and the one that begins; what is older is deleted with this commit.
    /// Changes of the step's variables count for nothing.
    /// </summary>
    public NextState ContinuingAnew(Variables variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return this with { Beginning = variables };
    }

    /// <summary>
    /// Gives a result: any value that System.Text.Json can write, kept with the finished workflow for its caller and its parent. Only with
    /// a target that ends the workflow; else the attempt has failed.
    /// </summary>
    public NextState Returning<T>(T value) => this with { Output = new Output<T>(value, null) };

    /// <summary>The same, written by a serializer of your own.</summary>
    public NextState Returning<T>(T value, JsonSerializerOptions serialization) =>
        this with
        {
            Output = new Output<T>(value, serialization),
        };

    /// <summary>The name of a state that is mentioned, not returned: what else it says would be lost.</summary>
    internal static string NameIn(NextState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var isPlain =
            state is
            {
                LogText: null,
                Activation.Kind: ActivationKind.Now,
                WakesParent: false,
                Children.Count: 0,
                AwaitedSignals.Count: 0,
                Deadline: null,
                LimitKey: null,
                Undoing: Undoing.None,
                Beginning: null,
                Output: null,
            };
        return isPlain
            ? state.Target
            : throw new ArgumentException(
                $"Only the name of '{state.Target}' counts here; say the rest of the state that is returned.",
                nameof(state)
            );
    }

    /// <summary>The same step, with the target to which it comes.</summary>
    internal NextState SettledTo(string target) => this with { Target = target, IsSettled = true };

    /// <summary>The same step with a result that is made already.</summary>
    internal NextState WithOutput(IOutput output) => this with { Output = output };

    /// <summary>The same step, which waits for a signal before its target runs.</summary>
    internal NextState Awaiting(string signal) =>
        this with
        {
            Activation = new Activation(ActivationKind.WhenSignalled),
            AwaitedSignals = [signal],
        };

    private static TimeSpan SpanOf(double days, double hours, double minutes, double seconds) =>
        TimeSpan.FromDays(days)
        + TimeSpan.FromHours(hours)
        + TimeSpan.FromMinutes(minutes)
        + TimeSpan.FromSeconds(seconds);

    internal static NextState OnSignal(string state, IReadOnlyList<string> signals, Deadline? deadline) =>
        GoTo(state) with
        {
            Activation = new Activation(ActivationKind.WhenSignalled),
            AwaitedSignals = signals,
            Deadline = deadline,
        };

    /// <summary>Creates a child workflow with this commit.</summary>
    public NextState Spawn(ChildRequest child)
    {
        ArgumentNullException.ThrowIfNull(child);
        return this with { Children = [.. Children, child] };
    }

    /// <summary>Creates several child workflows with this commit.</summary>
    public NextState Spawn(IEnumerable<ChildRequest> children) => this with { Children = [.. Children, .. children] };
}
