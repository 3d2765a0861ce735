namespace GopherFlow.Operations;

/// <summary>A request to move unfinished workflows from one version of a definition to another.</summary>
public sealed record MoveVersions
{
    /// <summary>The name of the definition.</summary>
    public required string Name { get; init; }

    /// <summary>The current version of the workflows.</summary>
    public required string From { get; init; }

    /// <summary>The version to move them to.</summary>
    public required string To { get; init; }

    /// <summary>
    /// Maps states of the old version to states of the new one. A state that is not in the map goes to the state of the same name.
    /// </summary>
    public IReadOnlyDictionary<string, string> States { get; init; } = new Dictionary<string, string>();

    /// <summary>If not empty, only these workflows are moved.</summary>
    public IReadOnlyList<long> WorkflowIds { get; init; } = [];

    /// <summary>Whether to return the plan without moving anything. Default: true.</summary>
    public bool DryRun { get; init; } = true;

    /// <summary>Who requests the move, as recorded in the history.</summary>
    public required string Actor { get; init; }
}

/// <summary>The plan for the workflows in one state.</summary>
/// <param name="From">Their current state.</param>
/// <param name="To">The state to which they go, or null if the new version has none for them.</param>
/// <param name="Workflows">How many there were when the plan was made.</param>
/// <param name="Refusal">Why they cannot be moved, or null.</param>
public sealed record StateMovePlan(string From, string? To, long Workflows, string? Refusal);

/// <summary>The plan of a version move, and its result.</summary>
/// <param name="Plan">A line for each state that has unfinished workflows, sorted by name.</param>
/// <param name="Moved">How many workflows were moved; 0 for a dry run and for a refused move.</param>
public sealed record MoveVersionsResult(IReadOnlyList<StateMovePlan> Plan, long Moved)
{
    /// <summary>Why nothing can be moved: one sentence per state that cannot be mapped. Empty if the move is possible.</summary>
    public IReadOnlyList<string> Refusals => [.. Plan.Select(line => line.Refusal).OfType<string>()];
}
