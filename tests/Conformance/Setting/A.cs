using GopherFlow.Definitions;

namespace GopherFlow.Conformance.Setting;

/// <summary>A minimal request of each kind. Tests set what matters to them with <c>with</c>.</summary>
public static class A
{
    public const string Type = "Order";
    public const string Version = "v1";
    public const string NextVersion = "v2";
    public const string Group = "default";
    public const string FirstState = "Start";

    public static readonly DateTimeOffset FirstInstant = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Due at once.</summary>
    public static NewWorkflow Workflow(string externalId) =>
        new()
        {
            ExternalId = externalId,
            WorkflowType = Type,
            Version = Version,
            BusinessKey = "business",
            ExecutorGroup = Group,
            State = FirstState,
            NextActivation = FirstInstant,
            CreatedBy = "a test",
        };

    public static ExecutorRegistration Executor(string name) =>
        new(name, "1.0", [Group], Capacity: 4, Lease: TimeSpan.FromSeconds(15));

    public static ClaimRequest Claim(long executor, DateTimeOffset now) => new(executor, [Of(Type)], [Group], 100, now);

    /// <summary>The key of a definition in the default version.</summary>
    public static DefinitionKey Of(string type) => new(type, Version);

    /// <summary>A move from the first to the second version.</summary>
    public static VersionMoved VersionMove(params IReadOnlyList<StateMove> states) =>
        new(Version, NextVersion, StateMove.TargetsOf(states), "ann");

    public static StateMove Stays(string state, bool runs = true) => new(state, state, runs);

    public static ClaimKey ClaimOf(WorkflowRecord workflow) => new(workflow.Id, workflow.Lease);

    /// <summary>A move to a state that runs, due at once.</summary>
    public static StateChanged Move(string state) => Move(state, WorkflowStatus.Executing) with { Due = FirstInstant };

    /// <summary>A move to a manual or final state.</summary>
    public static StateChanged Move(string state, WorkflowStatus status) => new(new TargetState(state, status), "ann");

    public static VariablesChanged Variable(string key, string json) =>
        new(new([new VariableChange(key, json)]), "ann");

    public static Signalled Signal(string name, string key) => new(new NewSignal(name, key, "{}"), "ann");

    /// <summary>Asserts that a workflow is as expected, ignoring its revision.</summary>
    public static void Same(WorkflowRecord expected, WorkflowRecord actual) =>
        Assert.Equal(expected with { Revision = actual.Revision }, actual);

    public static ScriptVersionRecord Script(string name, string version) =>
        new(name, version, "let workflow = 1", "{}", "folder", "ann", FirstInstant);

    public static DefinitionRecord Definition(string name, string version) =>
        new(name, version, $"About {name}", "stateDiagram-v2", "{}", FirstInstant, FirstInstant);
}
