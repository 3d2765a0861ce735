using System.Globalization;

namespace GopherFlow.Authoring;

/// <summary>The span of a rate limit.</summary>
public enum Per
{
    /// <summary>Steps a second.</summary>
    Second,

    /// <summary>Steps a minute.</summary>
    Minute,

    /// <summary>Steps an hour.</summary>
    Hour,

    /// <summary>Steps a day.</summary>
    Day,
}

/// <summary>
/// How many steps of a workflow type, or of one of its states, may run at once, or may begin within a span. The database counts over all
/// executors. Several limits may hold together.
/// </summary>
/// <param name="Count">How many.</param>
/// <param name="Span">The span of a rate; null for a limit on how many run at once.</param>
/// <param name="PerKey">Whether the limit counts for each limit key separately.</param>
public sealed record WorkflowLimit(int Count, TimeSpan? Span = null, bool PerKey = false)
{
    /// <summary>Limits how many run at once.</summary>
    public static WorkflowLimit Concurrency(int count, bool perKey = false) => new(count, null, perKey);

    /// <summary>
    /// Limits how many begin within a span. Unused ones, up to the count, may begin at once; after them the next begin evenly spaced.
    /// </summary>
    public static WorkflowLimit Rate(int count, Per per, bool perKey = false) => new(count, SpanOf(per), perKey);

    /// <summary>As people say it: "5 at once", "100 a minute for each key".</summary>
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
/// Limits how many run at once, counted over all executors: on a class, workflows that run, whatever their state; on a method, workflows
/// that run this state.
/// </summary>
/// <param name="count">How many, at least 1.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class ConcurrencyAttribute(int count) : Attribute
{
    /// <summary>How many.</summary>
    public int Count { get; } = count;

    /// <summary>Whether the limit counts for each limit key separately. Default: false.</summary>
    public bool PerKey { get; set; }
}

/// <summary>
/// Limits how many steps begin within a span, counted over all executors: on a class, steps of all its states; on a method, of this state.
/// </summary>
/// <param name="count">How many, at least 1.</param>
/// <param name="per">The span.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RateLimitAttribute(int count, Per per) : Attribute
{
    /// <summary>How many.</summary>
    public int Count { get; } = count;

    /// <summary>The span.</summary>
    public Per Per { get; } = per;

    /// <summary>Whether the limit counts for each limit key separately. Default: false.</summary>
    public bool PerKey { get; set; }
}
