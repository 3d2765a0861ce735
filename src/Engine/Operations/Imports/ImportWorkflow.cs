using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Operations.Imports;

/// <summary>A workflow that was started in another system, in its current form.</summary>
public sealed record ImportWorkflow
{
    /// <summary>Its external id, which must be unique here. Importing it again changes nothing.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The name of a definition. The workflow continues on the newest version.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>What the workflow is about, such as an order number.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>The executor group that runs it. Default: "default".</summary>
    public string ExecutorGroup { get; init; } = "default";

    /// <summary>The priority, from 1 (first) to 9 (last). Default: 5.</summary>
    public int Priority { get; init; } = WorkflowPriority.Default;

    /// <summary>Its current state. Default: the Start state of its definition.</summary>
    public string? State { get; init; }

    /// <summary>Whether it continues, or has ended in the other system. Default: it continues.</summary>
    public ImportStanding Standing { get; init; }

    /// <summary>Its variables.</summary>
    public Variables StateVars { get; init; } = new();

    /// <summary>When its state is due. Default: now.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>How many attempts of its state have failed in the other system. Default: 0.</summary>
    public int RetryCount { get; init; }

    /// <summary>When it was created in the other system. Default: now.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was first run in the other system. Default: unknown.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended in the other system, if it has ended. Default: now.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>
    /// The external id of its parent, which must be in the same request; null if it has none. A family is imported as a whole or not at
    /// all.
    /// </summary>
    public string? ParentExternalId { get; init; }

    /// <summary>Whether it continues when its last child has ended, as after <c>WhenChildrenFinished</c>. Default: false.</summary>
    public bool AwaitsChildren { get; init; }

    /// <summary>Where it comes from, as recorded in its history: "the order system, id 17".</summary>
    public required string Origin { get; init; }
}

/// <summary>The status of a workflow in the system from which it comes.</summary>
public enum ImportStanding
{
    /// <summary>It continues, as its state here defines.</summary>
    Continues,

    /// <summary>It has reached a state without a function: an end, or a state that waits for a person.</summary>
    HasEnded,

    /// <summary>Its state has failed for good.</summary>
    HasFailed,
}

/// <summary>The outcome of an import or dry run for one workflow.</summary>
/// <param name="ExternalId">Its external id.</param>
/// <param name="Verdict">The outcome.</param>
/// <param name="Reason">Why it is refused, otherwise null.</param>
public sealed record ImportOutcome(string ExternalId, ImportVerdict Verdict, string? Reason = null);

/// <summary>The possible outcomes of an import.</summary>
public enum ImportVerdict
{
    /// <summary>The workflow is created.</summary>
    Created,

    /// <summary>The workflow already exists. It was not changed.</summary>
    Existed,

    /// <summary>The workflow is not created.</summary>
    Refused,
}
