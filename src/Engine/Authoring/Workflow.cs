using Microsoft.Extensions.Logging;

namespace GopherFlow.Authoring;

/// <summary>
/// The base of a workflow class: one method a state, declared by <see cref="StartAttribute"/>, <see cref="StateAttribute"/>
/// and <see cref="GoesToAttribute"/>; resting and final states are constants declared by <see cref="ManualAttribute"/>,
/// <see cref="ErrorAttribute"/> and <see cref="EndAttribute"/>. A state method returns a <see cref="NextState"/>, a
/// <see cref="Task{TResult}"/> or a <see cref="ValueTask{TResult}"/> of one, and may take a <see cref="CancellationToken"/>, a
/// <see cref="StepContext"/>, both or neither. A new instance runs each step, made with the services of a scope of its own:
/// what must outlive the step belongs in <see cref="Variables"/>.
/// </summary>
public abstract class Workflow
{
    /// <summary>The retry policy of every state that has none of its own. Default: <see cref="RetryPolicy.Default"/>.</summary>
    protected internal virtual RetryPolicy Retry => RetryPolicy.Default;

    /// <summary>How long workflows are kept after their end. Default: <see cref="Retention.AsSet"/>, as the settings of the engine say.</summary>
    protected internal virtual Retention Retention => Retention.AsSet;

    /// <summary>What is known of the workflow and of this attempt.</summary>
    protected internal StepContext Step { get; internal set; } = null!;

    /// <summary>The workflow's variables.</summary>
    protected Variables Variables => Step.Variables;

    /// <summary>A logger whose entries carry the workflow's ids.</summary>
    protected ILogger Logger => Step.Logger;

    /// <summary>The signal that the state was waiting for; null when it did not wait for one.</summary>
    protected ReceivedSignal? Signal => Step.Signal;

    /// <summary>Before a state's method runs.</summary>
    internal virtual void ReadData(StrictJson json) { }

    /// <summary>After it has returned.</summary>
    internal virtual void WriteData(StrictJson json) { }

    /// <summary>Waits for the first of some signals: <c>WaitFor("paid").OrAfter(TimeSpan.FromDays(3), nameof(Remind)).Then(nameof(Ship))</c>.</summary>
    protected static SignalWait WaitFor(params string[] signals) => NextState.WaitFor(signals);

    /// <summary>Goes to a state.</summary>
    protected static NextState GoTo(string state) => NextState.GoTo(state);

    /// <summary>
    /// Undoes what was done, the last first, and then goes to a state: <c>Compensate(then: nameof(Cancelled))</c>. See
    /// <see cref="CompensateAttribute"/>.
    /// </summary>
    protected static NextState Compensate(string then) => NextState.Compensate(then);

    /// <summary>The same, with a state that the generator made: <c>Compensate(To.Cancelled)</c>.</summary>
    protected static NextState Compensate(NextState then) => NextState.Compensate(then);

    /// <summary>The state has undone what it is there to undo; what was done before is next.</summary>
    protected static NextState Undone() => NextState.Undone();
}
