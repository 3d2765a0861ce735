using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>
/// Unfinished workflows to take from one version of a definition to another. A step that runs at that moment is fenced out and runs
/// again on the new version.
/// </summary>
public sealed record VersionMove
{
    /// <summary>The name of the definition.</summary>
    public required string Name { get; init; }

    /// <summary>The version that they are on.</summary>
    public required string FromVersion { get; init; }

    /// <summary>The version to take them to; the caller has checked that it exists.</summary>
    public required string ToVersion { get; init; }

    /// <summary>Where each state leads; a workflow in a state that is not among them stays.</summary>
    public required IReadOnlyList<StateMove> States { get; init; }

    /// <summary>When not empty: only these workflows.</summary>
    public IReadOnlyList<long> WorkflowIds { get; init; } = [];

    /// <summary>At most so many in this transaction, smallest id first.</summary>
    public required int Limit { get; init; }

    /// <summary>Who asks for it; entered in the history.</summary>
    public required string Actor { get; init; }

    /// <summary>The instant of the move.</summary>
    public required DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    }

    /// <summary>Whether a wake that is kept for a workflow stays: one that is due by the move needs it no more.</summary>
    internal bool KeepsWake(WorkflowRecord after) => after.NextActivation != Now;

    /// <summary>A workflow as the move leaves it.</summary>
    internal WorkflowRecord Apply(WorkflowRecord before, StateMove state)
    {
        var same = state.From == state.To;
        var stays =
            state.Runs && before.Status is (WorkflowStatus.New or WorkflowStatus.InProgress or WorkflowStatus.Paused);
        return before with
        {
            Version = ToVersion,
            State = state.To,
            Step = same ? before.Step : before.Step + 1,
            RetryCount = same ? before.RetryCount : 0,
            Lease = before.Lease + 1,
            ExecutorId = null,
            Status =
                !state.Runs ? WorkflowStatus.Waiting
                : stays ? before.Status
                : WorkflowStatus.InProgress,
            NextActivation =
                !state.Runs ? null
                : stays ? before.NextActivation
                : Now,
            AwaitsChildren = stays && before.AwaitsChildren,
            Modified = Now,
        };
    }
}

/// <summary>Where the workflows of one state go.</summary>
/// <param name="From">The state in the version that they are on.</param>
/// <param name="To">The state in the version to which they go; it is not final.</param>
/// <param name="Runs">
/// True when the new state has a function: a workflow that was parked stays parked as it was, one that ran or waited for a person is
/// due at once. False when it waits for a person: the workflow does so, too.
/// </param>
public sealed record StateMove(string From, string To, bool Runs);
