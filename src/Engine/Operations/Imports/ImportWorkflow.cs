using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Operations.Imports;

/// <summary>A workflow that another system has begun, as it stands there.</summary>
public sealed record ImportWorkflow
{
    /// <summary>Its id there for callers, unique here: to import it again changes nothing.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The name of a definition. It continues with the newest version.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>What it is about.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>Which executors may run it. Default: "default".</summary>
    public string ExecutorGroup { get; init; } = "default";

    /// <summary>1 (first) to 9 (last). Default: 5.</summary>
    public int Priority { get; init; } = WorkflowPriority.Default;

    /// <summary>The state that it is in. Default: the one in which its definition starts.</summary>
    public string? State { get; init; }

    /// <summary>Whether it continues, or has ended there. Default: it continues.</summary>
    public ImportStanding Standing { get; init; }

    /// <summary>Its variables.</summary>
    public Variables StateVars { get; init; } = new();

    /// <summary>When its state is due. Default: now.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>How many attempts of its state have failed there. Default: 0.</summary>
    public int RetryCount { get; init; }

    /// <summary>When it was created there. Default: now.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was first run there. Default: it is not known.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended there, if it has ended. Default: now.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>
    /// The external id of its parent, which is among the workflows of the same request; null for one that stands alone. A family is imported
    /// as a whole or not at all.
    /// </summary>
    public string? ParentExternalId { get; init; }

    /// <summary>Whether it continues when its last child has ended, as after <c>WhenChildrenFinished</c>. Default: false.</summary>
    public bool AwaitsChildren { get; init; }

    /// <summary>Where it comes from, for its history: "the order system, id 17".</summary>
    public required string Origin { get; init; }
}

/// <summary>The status of a workflow in the system that it comes from.</summary>
public enum ImportStanding
{
    /// <summary>It continues: what its state here says, it does.</summary>
    GoesOn,

    /// <summary>It has come to a state that is not run: an end, or a state that waits for a person.</summary>
    HasEnded,

    /// <summary>Its state has failed for good.</summary>
    HasFailed,
}

/// <summary>What became, or would become, of a workflow.</summary>
/// <param name="ExternalId">Its external id.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Reason">Why it is refused; else null.</param>
public sealed record ImportOutcome(string ExternalId, ImportVerdict Verdict, string? Reason = null);

/// <summary>What became of a workflow that was to be imported.</summary>
public enum ImportVerdict
{
    /// <summary>It is created.</summary>
    Created,

    /// <summary>It was there; nothing of it was changed.</summary>
    Existed,

    /// <summary>It is not created.</summary>
    Refused,
}
