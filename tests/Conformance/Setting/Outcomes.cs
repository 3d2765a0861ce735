namespace GopherFlow.Conformance.Setting;

/// <summary>What an attempt of a workflow's state may come to, as the planner of the engine would have it written.</summary>
public static class Outcomes
{
    /// <summary>Keeps the claim and goes on at once.</summary>
    public static StepCommit GoesTo(this WorkflowRecord before, string state) =>
        before.Transition(state, WorkflowStatus.Executing);

    public static StepCommit ParksUntil(this WorkflowRecord before, DateTimeOffset due, string state = "Parked") =>
        before.Transition(state, WorkflowStatus.InProgress) with
        {
            NextActivation = due,
        };

    public static StepCommit AwaitsItsChildren(this WorkflowRecord before) =>
        before.Transition("Join", WorkflowStatus.InProgress) with
        {
            AwaitsChildren = true,
        };

    public static StepCommit WaitsForAPerson(this WorkflowRecord before) =>
        before.Transition("Approve", WorkflowStatus.Waiting);

    public static StepCommit Finishes(this WorkflowRecord before) => before.Transition("Done", WorkflowStatus.Finished);

    /// <summary>A failed attempt that is tried again.</summary>
    public static StepCommit RetriesAt(this WorkflowRecord before, DateTimeOffset due) =>
        before.Stays(WorkflowStatus.InProgress, new NewAction(ActionTypes.Error, before.State, "broken")) with
        {
            RetryCount = before.RetryCount + 1,
            NextActivation = due,
        };

    /// <summary>A failed attempt that was the last.</summary>
    public static StepCommit GivesUp(this WorkflowRecord before) =>
        before.Stays(WorkflowStatus.Failed, new NewAction(ActionTypes.Failed, before.State, "no retries left"));

    public static StepCommit Transition(this WorkflowRecord before, string state, WorkflowStatus status) =>
        new()
        {
            Before = before,
            State = state,
            Status = status,
            Advances = true,
            RetryCount = 0,
            Actions = [new NewAction(ActionTypes.Transition, before.State, $"From {before.State} to {state}")],
        };

    public static StepCommit Logging(this StepCommit step, string text) =>
        step with
        {
            Actions = [.. step.Actions, new NewAction(ActionTypes.Log, step.State, text)],
        };

    private static StepCommit Stays(this WorkflowRecord before, WorkflowStatus status, NewAction action) =>
        new()
        {
            Before = before,
            State = before.State,
            Status = status,
            Advances = false,
            RetryCount = before.RetryCount,
            Actions = [action],
        };
}
