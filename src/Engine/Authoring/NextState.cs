using System.Text.Json;

namespace GopherFlow.Authoring;

/// <summary>When a workflow runs its next state.</summary>
public enum ActivationKind
{
    /// <summary>Immediately, on the same executor, without a new claim.</summary>
    Now,

    /// <summary>At an instant. If the instant has passed, immediately.</summary>
    At,

    /// <summary>After a delay that begins with the commit of this step.</summary>
    After,

    /// <summary>When all children of the workflow have ended.</summary>
    WhenChildrenFinished,

    /// <summary>When a signal that the workflow waits for has arrived.</summary>
    WhenSignalled,
}

/// <summary>The time limit of a wait, and the state to which the workflow goes when it has passed.</summary>
/// <param name="State">The state to go to.</param>
/// <param name="Instant">When the wait ends; null to use <paramref name="Delay"/>.</param>
/// <param name="Delay">How long after the commit of the step the wait ends.</param>
public readonly record struct Deadline(string State, DateTimeOffset? Instant, TimeSpan Delay);

/// <summary>When the next state runs. Set by the methods of <see cref="NextState"/>.</summary>
/// <param name="Kind">The kind of activation.</param>
/// <param name="Instant">The instant, for <see cref="ActivationKind.At"/>.</param>
/// <param name="Delay">The delay, for <see cref="ActivationKind.After"/>.</param>
public readonly record struct Activation(
    ActivationKind Kind,
    DateTimeOffset Instant = default,
    TimeSpan Delay = default
);

/// <summary>
/// The return value of a state function: the next state, and everything else to commit with the transition. All of it is written in one
/// transaction. Immutable: each method returns a changed copy.
/// </summary>
public sealed record NextState
{
    private NextState(string target) => Target = target;

    /// <summary>
    /// The state to go to. It must be one of the declared targets of the current state. Empty for <see cref="Undone"/>, until the engine
    /// has determined what is left to undo.
    /// </summary>
    public string Target { get; private init; }

    /// <summary>A line to add to the workflow's history (type LOG), or null.</summary>
    public string? LogText { get; private init; }

    /// <summary>When the target runs. Default: immediately.</summary>
    public Activation Activation { get; private init; }

    /// <summary>Whether this commit makes the parent due, if the workflow has one.</summary>
    public bool WakesParent { get; private init; }

    /// <summary>The children that this commit creates.</summary>
    public IReadOnlyList<ChildRequest> Children { get; private init; } = [];

    /// <summary>The signals that the workflow waits for before the target runs.</summary>
    public IReadOnlyList<string> AwaitedSignals { get; private init; } = [];

    /// <summary>The deadline of the wait, and the state to go to when it has passed; null to wait without a limit.</summary>
    public Deadline? Deadline { get; private init; }

    /// <summary>The key under which limits count the workflow from now on; null to leave it unchanged.</summary>
    public string? LimitKey { get; private init; }

    /// <summary>Whether this step begins or continues a compensation.</summary>
    internal Undoing Undoing { get; private init; }

    /// <summary>The state to go to when everything is undone. Set by the step that begins to compensate, otherwise null.</summary>
    internal string? WhenUndone { get; private init; }

    /// <summary>Whether <see cref="Target"/> is final and the undo list has been updated.</summary>
    internal bool IsSettled { get; private init; }

    /// <summary>The variables with which the workflow begins anew, or null if it does not.</summary>
    internal Variables? Beginning { get; private init; }

    /// <summary>The result of the workflow, or null.</summary>
    internal IOutput? Output { get; private init; }

    /// <summary>
    /// Waits for a signal, or for the first of several, before a state runs: <c>NextState.WaitFor("paid").Then("Ship")</c>. A signal that
    /// was sent before the wait began ends it at once.
    /// </summary>
    /// <exception cref="ArgumentException">No name is given, or a name is empty or contains a line break.</exception>
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
    /// Runs the compensations (<see cref="CompensateAttribute"/>) of the states that the workflow has completed, last one first, each in a
    /// separate step. When everything is undone, the workflow goes to <paramref name="then"/>. The state that returns this does not count
    /// as completed, so it is not undone.
    /// </summary>
    /// <param name="then">
    /// The state to go to when everything is undone. It must be one of the declared targets of the current state.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static NextState Compensate(string then) => GoTo(then) with { Undoing = Undoing.Begins, WhenUndone = then };

    /// <summary>
    /// Like <see cref="Compensate(string)"/>, with a state from the source generator: <c>Compensate(To.Cancelled)</c>.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="then"/> has options other than its target, such as a delay.</exception>
    public static NextState Compensate(NextState then) => Compensate(NameIn(then));

    /// <summary>
    /// Returned by a compensation that has done its work. The workflow continues with the step that was done before, or, if nothing is left
    /// to undo, with the state that was passed to <see cref="Compensate(string)"/>. Only states that a <see cref="CompensateAttribute"/>
    /// names may return this.
    /// </summary>
    public static NextState Undone() => new("") { Undoing = Undoing.Undone };

    /// <summary>Adds a line to the workflow's history, with the target as its state.</summary>
    public NextState Log(string text) => this with { LogText = text };

    /// <summary>Runs the target at an instant. If the instant has passed, it runs immediately.</summary>
    public NextState At(DateTimeOffset instant) =>
        this with
        {
            Activation = new Activation(ActivationKind.At, Instant: instant),
        };

    /// <summary>Runs the target after a delay that begins with this commit. Zero or less means immediately.</summary>
    public NextState After(TimeSpan delay) =>
        this with
        {
            Activation = new Activation(ActivationKind.After, Delay: delay),
        };

    /// <summary>
    /// Runs the target after a delay that begins with this commit: the sum of days, hours, minutes and seconds, such as
    /// <c>To.Remind.After(days: 3)</c>.
    /// </summary>
    public NextState After(double days = 0, double hours = 0, double minutes = 0, double seconds = 0) =>
        After(SpanOf(days, hours, minutes, seconds));

    /// <summary>
    /// Runs the target when every child of the workflow has reached a final status, including the children that this step creates. The
    /// engine does not poll: the commit that ends the last child makes the parent due.
    /// </summary>
    public NextState WhenChildrenFinished() =>
        this with
        {
            Activation = new Activation(ActivationKind.WhenChildrenFinished),
        };

    /// <summary>
    /// Sets a deadline for the wait: goes to another state if, after a delay that begins with this commit, no person has moved the workflow
    /// out of a Manual target, no signal has arrived, or the last child has not ended. The other state must be a declared target of the
    /// current state or of the Manual one. Has no effect if the target runs immediately or at an instant, because then there is nothing to
    /// wait for.
    /// </summary>
    public NextState OrAfter(TimeSpan delay, string state)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(state);
        return this with { Deadline = new Deadline(state, null, delay) };
    }

    /// <summary>
    /// Like <see cref="OrAfter(TimeSpan, string)"/>, with a state from the source generator: <c>To.Approval.OrAfter(oneDay,
    /// To.Reminder)</c>.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="state"/> has options other than its target, such as a delay.</exception>
    public NextState OrAfter(TimeSpan delay, NextState state) => OrAfter(delay, NameIn(state));

    /// <summary>
    /// Like <see cref="OrAfter(TimeSpan, string)"/>, with the delay as a sum: <c>To.Approval.OrAfter(To.Reminder, days: 1)</c>.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="state"/> has options other than its target, such as a delay.</exception>
    public NextState OrAfter(
        NextState state,
        double days = 0,
        double hours = 0,
        double minutes = 0,
        double seconds = 0
    ) => OrAfter(SpanOf(days, hours, minutes, seconds), NameIn(state));

    /// <summary>Like <see cref="OrAfter(TimeSpan, string)"/>, with the deadline as an instant.</summary>
    public NextState OrAt(DateTimeOffset instant, string state)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(state);
        return this with { Deadline = new Deadline(state, instant, TimeSpan.Zero) };
    }

    /// <summary>
    /// Like <see cref="OrAfter(TimeSpan, string)"/>, with the deadline as an instant and a state from the source generator.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="state"/> has options other than its target, such as a delay.</exception>
    public NextState OrAt(DateTimeOffset instant, NextState state) => OrAt(instant, NameIn(state));

    /// <summary>
    /// Makes the parent due. If the parent is running, the wake is kept until it parks. Has no effect on a workflow without a parent.
    /// </summary>
    public NextState WakeParent() => this with { WakesParent = true };

    /// <summary>
    /// Sets the key under which per-key limits count the workflow from the target on, such as a customer or a tenant. Until a key is set,
    /// it is the business key.
    /// </summary>
    /// <exception cref="ArgumentException">The key is empty, contains a NUL character, or is longer than 500 characters.</exception>
    public NextState WithLimitKey(string key)
    {
        return this with { LimitKey = ChildRequest.Checked(key) };
    }

    /// <summary>
    /// Closes the history of the workflow and continues in the target under the same ids, with only these variables. Meant for workflows
    /// that loop forever. The history keeps the generation that ends and the one that begins; this commit deletes everything older. Changes
    /// to the step's variables are discarded.
    /// </summary>
    public NextState ContinuingAnew(Variables variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return this with { Beginning = variables };
    }

    /// <summary>
    /// Sets the result of the workflow: any value that System.Text.Json can write. It is stored with the finished workflow, for its caller
    /// and its parent. Allowed only with a target that ends the workflow; otherwise the attempt fails.
    /// </summary>
    public NextState Returning<T>(T value) => this with { Output = new Output<T>(value, null) };

    /// <summary>Like <see cref="Returning{T}(T)"/>, with your own serializer options.</summary>
    public NextState Returning<T>(T value, JsonSerializerOptions serialization) =>
        this with
        {
            Output = new Output<T>(value, serialization),
        };

    /// <summary>The name of a state that is passed as an argument. Any other option on it would be lost, so it is rejected.</summary>
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
                $"Only the name of '{state.Target}' is used here; set other options on the state that is returned.",
                nameof(state)
            );
    }

    /// <summary>A copy with its final target.</summary>
    internal NextState SettledTo(string target) => this with { Target = target, IsSettled = true };

    /// <summary>A copy with a result.</summary>
    internal NextState WithOutput(IOutput output) => this with { Output = output };

    /// <summary>A copy that waits for a signal before its target runs.</summary>
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

    /// <summary>Creates a child workflow in this commit.</summary>
    public NextState Spawn(ChildRequest child)
    {
        ArgumentNullException.ThrowIfNull(child);
        return this with { Children = [.. Children, child] };
    }

    /// <summary>Creates several child workflows in this commit.</summary>
    public NextState Spawn(IEnumerable<ChildRequest> children) => this with { Children = [.. Children, .. children] };
}
