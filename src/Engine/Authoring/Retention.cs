namespace GopherFlow.Authoring;

/// <summary>
/// How long the workflows of a definition are kept after they have ended. <see cref="TimeSpan.Zero"/> keeps them forever; null uses the
/// engine's settings. The newest version of a definition applies to the workflows of all versions.
/// </summary>
/// <example>
/// <code>protected override Retention Retention => new() { Finished = TimeSpan.FromDays(7), Failed = TimeSpan.Zero };</code>
/// </example>
public sealed record Retention
{
    /// <summary>The default: everything according to the engine's settings.</summary>
    public static Retention FromSettings { get; } = new();

    /// <summary>Keeps all workflows forever.</summary>
    public static Retention ForEver { get; } = Of(TimeSpan.Zero);

    /// <summary>How long FINISHED workflows are kept.</summary>
    public TimeSpan? Finished { get; init; }

    /// <summary>How long FAILED and ERROR workflows are kept.</summary>
    public TimeSpan? Failed { get; init; }

    /// <summary>How long CANCELLED workflows are kept.</summary>
    public TimeSpan? Cancelled { get; init; }

    /// <summary>The same time for all workflows, however they ended.</summary>
    public static Retention Of(TimeSpan span) =>
        new()
        {
            Finished = span,
            Failed = span,
            Cancelled = span,
        };
}
