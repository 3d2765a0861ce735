using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>The progress of a workflow that was started in another system.</summary>
internal sealed record Arrival
{
    /// <summary>Its status: due (NEW, IN_PROGRESS), waiting for a person, or ended.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>How many transitions count as made: 0 if it still has its initial variables, so that they are read as its input.</summary>
    public required int Step { get; init; }

    /// <summary>How many attempts of its state have failed.</summary>
    public int RetryCount { get; init; }

    /// <summary>When it was created in the other system; null for now.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was first run in the other system; null if never or unknown.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended in the other system, if it has ended; null for now.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Whether it continues when its last open child has ended, not at an instant.</summary>
    public bool AwaitsChildren { get; init; }

    /// <summary>Where it comes from, as recorded in the history.</summary>
    public required string Text { get; init; }

    /// <summary>Its children, created in the same transaction.</summary>
    public IReadOnlyList<NewWorkflow> Children { get; init; } = [];

    /// <summary>How many of its children have not ended.</summary>
    public int OpenChildren => Children.Count(child => child.Arrival is not { } arrival || !arrival.Status.IsFinal());
}
