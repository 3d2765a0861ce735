namespace GopherFlow.Conformance.Setting;

/// <summary>The plainest request of each kind; a test says with <c>with</c> what matters to it.</summary>
public static class A
{
    public const string Type = "Order";
    public const string Group = "default";
    public const string FirstState = "Start";

    public static readonly DateTimeOffset FirstInstant = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Due at once.</summary>
    public static NewWorkflow Workflow(string externalId) =>
        new()
        {
            ExternalId = externalId,
            WorkflowType = Type,
            Version = "v1",
            BusinessKey = "business",
            ExecutorGroup = Group,
            State = FirstState,
            NextActivation = FirstInstant,
            CreatedText = "by a test",
        };

    public static ExecutorRegistration Executor(string name) =>
        new(name, [Group], Capacity: 4, FirstInstant, FirstInstant.AddSeconds(15));

    public static ClaimRequest Claim(long executor, DateTimeOffset now) => new(executor, [Type], [Group], 100, now);

    public static ClaimKey ClaimOf(WorkflowRecord workflow) => new(workflow.Id, workflow.Lease);

    /// <summary>To a state that runs, and is due at once.</summary>
    public static StateChange Move(WorkflowRecord workflow, string state) =>
        Move(workflow, state, WorkflowStatus.InProgress) with
        {
            NextActivation = FirstInstant,
        };

    /// <summary>To a state that rests or ends.</summary>
    public static StateChange Move(WorkflowRecord workflow, string state, WorkflowStatus status) =>
        new()
        {
            WorkflowId = workflow.Id,
            State = state,
            Status = status,
            Actor = "ann",
            Now = FirstInstant,
        };

    public static DefinitionRecord Definition(string name, string version) =>
        new(name, version, $"About {name}", "stateDiagram-v2", "{}", FirstInstant, FirstInstant);
}
