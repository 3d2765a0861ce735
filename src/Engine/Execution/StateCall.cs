using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Execution;

/// <summary>
/// One call of a state function. Its outcome is set once: by the function, by the timeout, or because the step is dropped. The function may
/// continue after that, but its result is ignored.
/// </summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The author may keep the token, and it may be cancelled while the function ends."
)]
internal sealed class StateCall(
    WorkflowRecord workflow,
    WorkflowDefinition definition,
    StateDefinition state,
    ReceivedSignal? signal,
    TimeSpan timeout,
    DateTimeOffset began
)
{
    private const int Running = 0;
    private const int Returned = 1;
    private const int Held = 2;

    // Continuations run synchronously, on the thread on which the function has returned.
    private readonly TaskCompletionSource<Attempt> outcome = new();
    private Action? returned;
    private int phase;

    /// <summary>The workflow at the start of the attempt.</summary>
    public WorkflowRecord Workflow { get; } = workflow;

    /// <summary>The definition.</summary>
    public WorkflowDefinition Definition { get; } = definition;

    /// <summary>The state.</summary>
    public StateDefinition State { get; } = state;

    /// <summary>The signal that the state was waiting for, or null.</summary>
    public ReceivedSignal? Signal { get; } = signal;

    /// <summary>Whether the function has returned or thrown.</summary>
    public bool HasReturned => Volatile.Read(ref phase) == Returned;

    /// <summary>When the call began.</summary>
    public DateTimeOffset Began { get; } = began;

    /// <summary>The outcome of the attempt.</summary>
    public Task<Attempt> Outcome => outcome.Task;

    /// <summary>Its span in the trace of the workflow, or null without tracing.</summary>
    public Activity? Span { get; set; }

    /// <summary>The source of the function's token. Cancelling it runs the callbacks that the author has registered.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>Fails the attempt because of its timeout.</summary>
    /// <returns>False if the outcome was already set.</returns>
    public bool TimeOut() =>
        outcome.TrySetResult(
            new Attempt.Failed(new TimeoutException($"State '{State.Name}' did not finish within {timeout}."))
        );

    /// <summary>Drops the attempt.</summary>
    /// <returns>False if the outcome was already set.</returns>
    public bool Abandon() => outcome.TrySetResult(new Attempt.Abandoned());

    /// <summary>Records that the function has returned or thrown.</summary>
    /// <returns>False if the outcome was already set.</returns>
    public bool Return(Attempt attempt)
    {
        var before = Interlocked.Exchange(ref phase, Returned);
        if (before == Held)
        {
            returned!();
        }

        return outcome.TrySetResult(attempt);
    }

    /// <summary>Registers a callback to run when the function returns.</summary>
    /// <returns>False if it has already returned. The callback does not run then.</returns>
    public bool Hold(Action whenReturned)
    {
        returned = whenReturned;
        return Interlocked.CompareExchange(ref phase, Held, Running) == Running;
    }
}
