using System.Globalization;

namespace GopherFlow.Authoring;

/// <summary>The period of a rate limit.</summary>
public enum Per
{
    /// <summary>Steps per second.</summary>
    Second,

    /// <summary>Steps per minute.</summary>
    Minute,

    /// <summary>Steps per hour.</summary>
    Hour,

    /// <summary>Steps per day.</summary>
    Day,
}

/// <summary>
/// Limits how many steps of a workflow type, or of one of its states, may run at the same time or start within a period. The database
/// enforces the limit across all executors. Several limits can be combined.
/// </summary>
/// <param name="Count">The maximum.</param>
/// <param name="Span">The period of a rate limit; null for a concurrency limit.</param>
/// <param name="PerKey">Whether the limit counts for each limit key separately.</param>
public sealed record WorkflowLimit(int Count, TimeSpan? Span = null, bool PerKey = false)
{
    /// <summary>Limits how many run at the same time.</summary>
    public static WorkflowLimit Concurrency(int count, bool perKey = false) => new(count, null, perKey);

    /// <summary>
    /// Limits how many start within a period. Up to <paramref name="count"/> unused starts can be used in a burst; after that, starts are
    /// evenly spaced.
    /// </summary>
    public static WorkflowLimit Rate(int count, Per per, bool perKey = false) => new(count, SpanOf(per), perKey);

    /// <summary>The limit in words: "5 at once", "100 a minute for each key".</summary>
    public override string ToString() =>
        (Span is { } span ? $"{Count} {Every(span)}" : $"{Count} at once") + (PerKey ? " for each key" : "");

    internal static TimeSpan SpanOf(Per per) =>
        per switch
        {
            Per.Second => TimeSpan.FromSeconds(1),
            Per.Minute => TimeSpan.FromMinutes(1),
            Per.Hour => TimeSpan.FromHours(1),
            Per.Day => TimeSpan.FromDays(1),
            _ => throw new ArgumentOutOfRangeException(nameof(per), per, "Expected second, minute, hour or day."),
        };

    private static string Every(TimeSpan span) =>
        span.TotalSeconds switch
        {
            1 => "a second",
            60 => "a minute",
            3600 => "an hour",
            86_400 => "a day",
            var seconds => string.Create(CultureInfo.InvariantCulture, $"every {seconds} s"),
        };
}

/// <summary>
/// Limits how many run at the same time, across all executors. On a class, it counts workflows that run any state; on a method, workflows
/// that run this state.
/// </summary>
/// <param name="count">The maximum, at least 1.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class ConcurrencyAttribute(int count) : Attribute
{
    /// <summary>The maximum.</summary>
    public int Count { get; } = count;

    /// <summary>Whether the limit counts for each limit key separately. Default: false.</summary>
    public bool PerKey { get; set; }
}

/// <summary>
/// Limits how many steps start within a period, across all executors. On a class, it counts the steps of all states; on a method, those of
/// this state.
/// </summary>
/// <param name="count">The maximum, at least 1.</param>
/// <param name="per">The period.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RateLimitAttribute(int count, Per per) : Attribute
{
    /// <summary>The maximum.</summary>
    public int Count { get; } = count;

    /// <summary>The period.</summary>
    public Per Per { get; } = per;

    /// <summary>Whether the limit counts for each limit key separately. Default: false.</summary>
    public bool PerKey { get; set; }
}
