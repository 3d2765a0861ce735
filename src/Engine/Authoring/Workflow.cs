using Microsoft.Extensions.Logging;

namespace GopherFlow.Authoring;

/// <summary>
/// The base of a workflow class. Each state is a method, declared with <see cref="StartAttribute"/>, <see cref="StateAttribute"/>
/// and <see cref="GoesToAttribute"/>. Manual and final states are constants, declared with <see cref="ManualAttribute"/>,
/// <see cref="ErrorAttribute"/> and <see cref="EndAttribute"/>. A state method returns a <see cref="NextState"/>, or a
/// <see cref="Task{TResult}"/> or <see cref="ValueTask{TResult}"/> of one, and may take a <see cref="CancellationToken"/>, a
/// <see cref="StepContext"/>, both or neither. Each step runs on a new instance, created with a service scope of its own. Store everything
/// that later steps need in <see cref="Variables"/>.
/// </summary>
public abstract class Workflow
{
    /// <summary>The retry policy of states that do not set their own. Default: <see cref="RetryPolicy.Default"/>.</summary>
    protected internal virtual RetryPolicy Retry => RetryPolicy.Default;

    /// <summary>
    /// How long workflows are kept after they have ended. Default: <see cref="Retention.FromSettings"/>, which uses the engine's settings.
    /// </summary>
    protected internal virtual Retention Retention => Retention.FromSettings;

    /// <summary>The context of the current step: the workflow's ids and variables, the attempt, and the services.</summary>
    protected internal StepContext Step { get; internal set; } = null!;

    /// <summary>The workflow's variables.</summary>
    protected Variables Variables => Step.Variables;

    /// <summary>A logger that adds the workflow's ids to each entry.</summary>
    protected ILogger Logger => Step.Logger;

    /// <summary>The signal that the state was waiting for, or null if it was not waiting for one.</summary>
    protected ReceivedSignal? Signal => Step.Signal;

    /// <summary>Reads typed data. Called before the method of a state runs.</summary>
    internal virtual void ReadData(StrictJson json) { }

    /// <summary>Writes typed data back. Called after the method of a state has returned.</summary>
    internal virtual void WriteData(StrictJson json) { }

    /// <summary>
    /// Waits for a signal, or for the first of several:
    /// <c>WaitFor("paid").OrAfter(TimeSpan.FromDays(3), nameof(Remind)).Then(nameof(Ship))</c>.
    /// </summary>
    protected static SignalWait WaitFor(params string[] signals) => NextState.WaitFor(signals);

    /// <summary>Goes to a state.</summary>
    protected static NextState GoTo(string state) => NextState.GoTo(state);

    /// <summary>
    /// Undoes the completed states that have a compensation, last one first, and then goes to a state:
    /// <c>Compensate(then: nameof(Cancelled))</c>. See <see cref="CompensateAttribute"/>.
    /// </summary>
    protected static NextState Compensate(string then) => NextState.Compensate(then);

    /// <summary>
    /// Like <see cref="Compensate(string)"/>, with a state from the source generator: <c>Compensate(To.Cancelled)</c>.
    /// </summary>
    protected static NextState Compensate(NextState then) => NextState.Compensate(then);

    /// <summary>Returned by a compensation that has done its work. The workflow continues with the step that was done before.</summary>
    protected static NextState Undone() => NextState.Undone();
}
