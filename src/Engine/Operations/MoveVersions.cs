namespace GopherFlow.Operations;

/// <summary>A request to take unfinished workflows from one version of a definition to another.</summary>
public sealed record MoveVersions
{
    /// <summary>The name of the definition.</summary>
    public required string Name { get; init; }

    /// <summary>The version that they are on.</summary>
    public required string From { get; init; }

    /// <summary>The version to take them to.</summary>
    public required string To { get; init; }

    /// <summary>
    /// Where states lead whose name is another in the new version, or that are not to lead to the state of the same name.
    /// </summary>
    public IReadOnlyDictionary<string, string> States { get; init; } = new Dictionary<string, string>();

    /// <summary>When not empty: only these workflows.</summary>
    public IReadOnlyList<long> WorkflowIds { get; init; } = [];

    /// <summary>Whether only to say what would happen. Default: true.</summary>
    public bool DryRun { get; init; } = true;

    /// <summary>Who asks for it; entered in the history.</summary>
    public required string Actor { get; init; }
}

/// <summary>What becomes of the workflows of one state.</summary>
/// <param name="From">The state that they are in.</param>
/// <param name="To">The state that they go to, or null when the new version has none for them.</param>
/// <param name="Workflows">How many there were when it was looked at.</param>
/// <param name="Refusal">Why they cannot be moved, or null.</param>
public sealed record StateMovePlan(string From, string? To, long Workflows, string? Refusal);

/// <summary>What a move does, or would do.</summary>
/// <param name="Plan">A line for each state in which there are unfinished workflows, sorted by name.</param>
/// <param name="Moved">How many workflows were moved; 0 for a dry run and for one that is refused.</param>
public sealed record MoveVersionsResult(IReadOnlyList<StateMovePlan> Plan, long Moved)
{
    /// <summary>Why nothing can be moved: a sentence for each state without a way; empty when all is well.</summary>
    public IReadOnlyList<string> Refusals => [.. Plan.Select(line => line.Refusal).OfType<string>()];
}
