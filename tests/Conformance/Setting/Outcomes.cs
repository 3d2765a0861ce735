namespace GopherFlow.Conformance.Setting;

/// <summary>The possible outcomes of an attempt.</summary>
public static class Outcomes
{
    /// <summary>Keeps the claim and continues at once.</summary>
    public static Step GoesTo(this WorkflowRecord before, string state) =>
        before.Transition(state, WorkflowStatus.Executing);

    public static Step ParksUntil(this WorkflowRecord before, DateTimeOffset due, string state = "Parked") =>
        before.GoesTo(state) with
        {
            Activation = new Activation(ActivationKind.At, Instant: due),
        };

    public static Step AwaitsItsChildren(this WorkflowRecord before) =>
        before.GoesTo("Join") with
        {
            Activation = new Activation(ActivationKind.WhenChildrenFinished),
        };

    public static Step WaitsForAPerson(this WorkflowRecord before) =>
        before.Transition("Approve", WorkflowStatus.Waiting);

    public static Step Finishes(this WorkflowRecord before) => before.Transition("Done", WorkflowStatus.Finished);

    /// <summary>A failed attempt that is retried after a delay.</summary>
    public static Step RetriesAfter(this WorkflowRecord before, TimeSpan delay) =>
        new() { Before = before, Retry = RetryPolicy.Linear(100, delay, delay) };

    /// <summary>A failed attempt that is retried at once.</summary>
    public static Step RetriesAtOnce(this WorkflowRecord before) => before.RetriesAfter(TimeSpan.Zero);

    /// <summary>The last failed attempt.</summary>
    public static Step GivesUp(this WorkflowRecord before) => new() { Before = before };

    public static Step Transition(this WorkflowRecord before, string state, WorkflowStatus status) =>
        new() { Before = before, Target = new TargetState(state, status) };

    public static Step Logging(this Step step, string text) => step with { LogText = text };
}
