using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>How far a new workflow is that another system has begun.</summary>
internal sealed record Arrival
{
    /// <summary>Its status: due (NEW, IN_PROGRESS), waiting for a person, or ended.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>The transitions that count as made: 0 when it has only what it was created with, so that its input is read.</summary>
    public required int Step { get; init; }

    /// <summary>Failed attempts of its state.</summary>
    public int RetryCount { get; init; }

    /// <summary>When it was created there; null for now.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was first run there; null when it was not, or that is not known.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended there; null for now, if it has ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Whether it continues when its last open child has ended, rather than at an instant.</summary>
    public bool AwaitsChildren { get; init; }

    /// <summary>Where it comes from, for the history.</summary>
    public required string Text { get; init; }

    /// <summary>Its children, created in the same transaction.</summary>
    public IReadOnlyList<NewWorkflow> Children { get; init; } = [];

    /// <summary>How many of its children have not ended.</summary>
    public int OpenChildren => Children.Count(child => child.Arrival is not { } arrival || !arrival.Status.IsFinal());
}
