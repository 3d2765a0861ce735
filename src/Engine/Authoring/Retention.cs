namespace GopherFlow.Authoring;

/// <summary>
/// How long the workflows of a definition are kept after their end, by how they ended: <see cref="TimeSpan.Zero"/> is for ever, null is as
/// the settings of the engine say. The newest version of a definition decides for the workflows of all versions.
/// </summary>
/// <example><code>protected override Retention Retention => new() { Finished = TimeSpan.FromDays(7), Failed = TimeSpan.Zero };</code></example>
public sealed record Retention
{
    /// <summary>What a definition has that says nothing: all as the settings say.</summary>
    public static Retention AsSet { get; } = new();

    /// <summary>Nothing is ever deleted.</summary>
    public static Retention ForEver { get; } = Of(TimeSpan.Zero);

    /// <summary>Workflows that are FINISHED.</summary>
    public TimeSpan? Finished { get; init; }

    /// <summary>Workflows that are FAILED or ERROR.</summary>
    public TimeSpan? Failed { get; init; }

    /// <summary>Workflows that are CANCELLED.</summary>
    public TimeSpan? Cancelled { get; init; }

    /// <summary>The same however they ended.</summary>
    public static Retention Of(TimeSpan span) =>
        new()
        {
            Finished = span,
            Failed = span,
            Cancelled = span,
        };
}
