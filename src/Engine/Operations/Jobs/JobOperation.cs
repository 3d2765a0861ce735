using System.Text.Json.Serialization;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Operations.Jobs;

/// <summary>The operation of a job. It does to each workflow what the operation of the same name does to a single one.</summary>
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

    /// <summary>The statuses in which the operation is possible; empty for all.</summary>
    internal virtual IReadOnlyList<WorkflowStatus> Possible => [];

    /// <summary>The default statuses if the filter has none; empty for all.</summary>
    internal virtual IReadOnlyList<WorkflowStatus> Usual => Possible;

    /// <summary>
    /// Cancels unfinished workflows. Workflows that are already cleaning up are skipped, because a job may reach a workflow twice (by its
    /// filter and as a child), and must not end the clean-up that it has started itself.
    /// </summary>
    /// <param name="Children">Whether to cancel their unfinished descendants too. Default: false.</param>
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
    /// Retries workflows immediately: those that have failed, and, if the filter contains IN_PROGRESS or PAUSED, those that wait for an
    /// attempt.
    /// </summary>
    public sealed record Retry : JobOperation
    {
        internal override IReadOnlyList<WorkflowStatus> Possible => JobStatuses.Retried;

        internal override IReadOnlyList<WorkflowStatus> Usual => [WorkflowStatus.Failed, WorkflowStatus.Error];
    }

    /// <summary>Runs workflows again from one of their states, whatever their current status.</summary>
    /// <param name="State">The state to run, which must have a function. Default: the Start state.</param>
    public sealed record RunAgain(string? State = null) : JobOperation
    {
        /// <summary>Variables to change in the same transaction.</summary>
        public IReadOnlyList<VariableChange> Variables { get; init; } = [];
    }

    /// <summary>Moves workflows to a state, whatever they are doing.</summary>
    /// <param name="State">The state to go to.</param>
    public sealed record ChangeState(string State) : JobOperation
    {
        /// <summary>When the state is due, if it has a function. Default: now.</summary>
        public DateTimeOffset? NextActivation { get; init; }

        /// <summary>If not empty, only workflows in one of these states are moved.</summary>
        public IReadOnlyList<string> FromStates { get; init; } = [];

        /// <summary>Variables to change in the same transaction.</summary>
        public IReadOnlyList<VariableChange> Variables { get; init; } = [];

        /// <summary>Whether to allow moves out of a Manual state that does not declare the target. Default: false.</summary>
        public bool Force { get; init; }
    }

    /// <summary>Sets and removes variables, all of them or none.</summary>
    /// <param name="Changes">The changes.</param>
    public sealed record ChangeVariables(IReadOnlyList<VariableChange> Changes) : JobOperation;

    /// <summary>Moves unfinished workflows of one type to another version of their definition.</summary>
    /// <param name="To">The version to move them to.</param>
    public sealed record MoveVersion(string To) : JobOperation
    {
        /// <summary>
        /// Maps states of the old version to states of the new one. A state that is not in the map goes to the state of the same name.
        /// </summary>
        public IReadOnlyDictionary<string, string> States { get; init; } = new Dictionary<string, string>();

        internal override IReadOnlyList<WorkflowStatus> Possible => JobStatuses.Unfinished;
    }

    /// <summary>Changes the priority or the executor group of unfinished workflows.</summary>
    /// <param name="Priority">The new priority, from 1 (first) to 9 (last), or null to keep the current one.</param>
    /// <param name="ExecutorGroup">The new executor group, or null to keep the current one.</param>
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
    /// <param name="Name">The name of the signal.</param>
    public sealed record Signal(string Name) : JobOperation
    {
        /// <summary>If not null, a workflow that has already received a signal with this key drops this one.</summary>
        public string? Key { get; init; }

        /// <summary>The payload, as JSON text. Default: null.</summary>
        public string Payload { get; init; } = "null";

        internal override IReadOnlyList<WorkflowStatus> Possible => JobStatuses.Unfinished;
    }
}

/// <summary>The statuses in which operations are possible.</summary>
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
