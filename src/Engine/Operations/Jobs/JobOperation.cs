using System.Text.Json.Serialization;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Operations.Jobs;

/// <summary>What a job does to each of its workflows: the same as the operation of that name on a single one.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Cancel), "cancel")]
[JsonDerivedType(typeof(Pause), "pause")]
[JsonDerivedType(typeof(Resume), "resume")]
[JsonDerivedType(typeof(Retry), "retry")]
[JsonDerivedType(typeof(RunAgain), "runAgain")]
[JsonDerivedType(typeof(ChangeState), "changeState")]
[JsonDerivedType(typeof(ChangeVariables), "changeVariables")]
[JsonDerivedType(typeof(MoveVersion), "moveVersion")]
[JsonDerivedType(typeof(Place), "place")]
[JsonDerivedType(typeof(Delete), "delete")]
[JsonDerivedType(typeof(Signal), "signal")]
public abstract record JobOperation
{
    private JobOperation() { }

    /// <summary>The statuses of workflows to which it can be done; empty for all.</summary>
    internal virtual IReadOnlyList<WorkflowStatus> Possible => [];

    /// <summary>The statuses that are meant when the filter names none; empty for all.</summary>
    internal virtual IReadOnlyList<WorkflowStatus> Usual => Possible;

    /// <summary>Cancels unfinished workflows.</summary>
    /// <param name="Children">Whether their unfinished children, and theirs, are cancelled with them.</param>
    public sealed record Cancel(bool Children = false) : JobOperation
    {
        internal override IReadOnlyList<WorkflowStatus> Possible => JobStatuses.Unfinished;
    }

    /// <summary>Pauses unfinished workflows.</summary>
    public sealed record Pause : JobOperation
    {
        internal override IReadOnlyList<WorkflowStatus> Possible => JobStatuses.NotResting;
    }

    /// <summary>Resumes paused workflows.</summary>
    public sealed record Resume : JobOperation
    {
        internal override IReadOnlyList<WorkflowStatus> Possible => [WorkflowStatus.Paused];
    }

    /// <summary>
    /// Makes the next attempt now: of workflows that have failed; and of those that wait for it, if the filter names IN_PROGRESS or PAUSED.
    /// </summary>
    public sealed record Retry : JobOperation
    {
        internal override IReadOnlyList<WorkflowStatus> Possible => JobStatuses.Retried;

        internal override IReadOnlyList<WorkflowStatus> Usual => [WorkflowStatus.Failed, WorkflowStatus.Error];
    }

    /// <summary>Runs workflows again from one of their states, whatever they are doing or have ended as.</summary>
    /// <param name="State">A state with a function. Default: the one in which the definition starts.</param>
    public sealed record RunAgain(string? State = null) : JobOperation
    {
        /// <summary>Variables to change in the same transaction.</summary>
        public IReadOnlyList<VariableChange> Variables { get; init; } = [];
    }

    /// <summary>Moves workflows to a state, whatever they are doing.</summary>
    /// <param name="State">The state to go to.</param>
    public sealed record ChangeState(string State) : JobOperation
    {
        /// <summary>When a state that runs is due. Default: at once.</summary>
        public DateTimeOffset? NextActivation { get; init; }

        /// <summary>When not empty: only workflows in one of these states.</summary>
        public IReadOnlyList<string> FromStates { get; init; } = [];

        /// <summary>Variables to change in the same transaction.</summary>
        public IReadOnlyList<VariableChange> Variables { get; init; } = [];

        /// <summary>Whether they leave a Manual state although that does not declare the target. Default: false.</summary>
        public bool Force { get; init; }
    }

    /// <summary>Sets and removes variables, all of them or none.</summary>
    /// <param name="Changes">The changes.</param>
    public sealed record ChangeVariables(IReadOnlyList<VariableChange> Changes) : JobOperation;

    /// <summary>Takes unfinished workflows of one type to another version of their definition.</summary>
    /// <param name="To">The version to take them to.</param>
    public sealed record MoveVersion(string To) : JobOperation
    {
        /// <summary>Where states lead whose name is another in the new version. Default: each leads to the one of its name.</summary>
        public IReadOnlyDictionary<string, string> States { get; init; } = new Dictionary<string, string>();

        internal override IReadOnlyList<WorkflowStatus> Possible => JobStatuses.Unfinished;
    }

    /// <summary>Changes the priority or the executor group of unfinished workflows.</summary>
    /// <param name="Priority">1 (first) to 9 (last), or null to leave it.</param>
    /// <param name="ExecutorGroup">The executors that may run them, or null to leave them.</param>
    public sealed record Place(int? Priority, string? ExecutorGroup = null) : JobOperation
    {
        internal override IReadOnlyList<WorkflowStatus> Possible => JobStatuses.Unfinished;
    }

    /// <summary>Deletes final workflows with their variables and history.</summary>
    public sealed record Delete : JobOperation
    {
        internal override IReadOnlyList<WorkflowStatus> Possible => JobStatuses.Final;
    }

    /// <summary>Sends a signal to unfinished workflows.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record Signal(string Name) : JobOperation
    {
        /// <summary>When not null: a workflow that has received a signal with that key before drops this one.</summary>
        public string? Key { get; init; }

        /// <summary>Its payload, as JSON text. Default: null.</summary>
        public string Payload { get; init; } = "null";

        internal override IReadOnlyList<WorkflowStatus> Possible => JobStatuses.Unfinished;
    }
}

/// <summary>To which statuses operations can be done.</summary>
internal static class JobStatuses
{
    public static IReadOnlyList<WorkflowStatus> NotResting { get; } =
    [WorkflowStatus.New, WorkflowStatus.Executing, WorkflowStatus.InProgress, WorkflowStatus.Waiting];

    public static IReadOnlyList<WorkflowStatus> Unfinished { get; } = [.. NotResting, WorkflowStatus.Paused];

    public static IReadOnlyList<WorkflowStatus> Final { get; } =
    [WorkflowStatus.Finished, WorkflowStatus.Failed, WorkflowStatus.Error, WorkflowStatus.Cancelled];

    public static IReadOnlyList<WorkflowStatus> Retried { get; } =
    [WorkflowStatus.Failed, WorkflowStatus.Error, WorkflowStatus.InProgress, WorkflowStatus.Paused];
}
