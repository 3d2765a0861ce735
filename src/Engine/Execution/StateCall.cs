using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Execution;

/// <summary>
/// One call of a state function. Its outcome is settled once: by the function, by its time limit, or by the step being dropped. A
/// function may run on after that; its result is ignored.
/// </summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The author may hold the token for good, and it may be cancelled while the function ends."
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

    // The waiter continues at once, on the thread that the function leaves.
    private readonly TaskCompletionSource<Attempt> outcome = new();
    private Action? returned;
    private int phase;

    /// <summary>The workflow as the attempt found it.</summary>
    public WorkflowRecord Workflow { get; } = workflow;

    /// <summary>The definition.</summary>
    public WorkflowDefinition Definition { get; } = definition;

    /// <summary>The state.</summary>
    public StateDefinition State { get; } = state;

    /// <summary>The signal that the state was waiting for, if it was.</summary>
    public ReceivedSignal? Signal { get; } = signal;

    /// <summary>Whether the function has returned or thrown.</summary>
    public bool HasReturned => Volatile.Read(ref phase) == Returned;

    /// <summary>When it began.</summary>
    public DateTimeOffset Began { get; } = began;

    /// <summary>How it ended for the engine.</summary>
    public Task<Attempt> Outcome => outcome.Task;

    /// <summary>Its span in the trace of its workflow, if anybody traces that.</summary>
    public Activity? Span { get; set; }

    /// <summary>Gives the function its token. Cancelling it runs what the author has registered.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>The attempt has failed because its time is up.</summary>
    /// <returns>False when its outcome was settled before.</returns>
    public bool TimeOut() =>
        outcome.TrySetResult(
            new Attempt.Failed(new TimeoutException($"State '{State.Name}' did not finish within {timeout}."))
        );

    /// <summary>Nobody wants the outcome any more.</summary>
    /// <returns>False when it was settled before.</returns>
    public bool Abandon() => outcome.TrySetResult(new Attempt.Abandoned());

    /// <summary>The function has returned or thrown.</summary>
    /// <returns>False when its outcome was settled before.</returns>
    public bool Return(Attempt attempt)
    {
        var before = Interlocked.Exchange(ref phase, Returned);
        if (before == Held)
        {
            returned!();
        }

        return outcome.TrySetResult(attempt);
    }

    /// <summary>Registers a callback for the return of a function that has not returned yet.</summary>
    /// <returns>False when it has returned.</returns>
    public bool Hold(Action whenReturned)
    {
        returned = whenReturned;
        return Interlocked.CompareExchange(ref phase, Held, Running) == Running;
    }
}
