using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>An entry as stored.</summary>
/// <param name="Id">The id.</param>
/// <param name="At">When, by the database's clock.</param>
/// <param name="Entry">What was entered.</param>
public sealed record AuditRecord(long Id, DateTimeOffset At, AuditEntry Entry);

/// <summary>A page of the log. Everything that is given must hold.</summary>
/// <param name="Limit">The most entries in the page.</param>
public sealed record AuditSearch(int Limit)
{
    /// <summary>Who did it, by name.</summary>
    public string? Actor { get; init; }

    /// <summary>What the action begins with, such as <c>workflow.</c>.</summary>
    public string? ActionPrefix { get; init; }

    /// <summary>To what kind of thing.</summary>
    public string? TargetKind { get; init; }

    /// <summary>To which one; needs <see cref="TargetKind"/>.</summary>
    public string? TargetId { get; init; }

    /// <summary>From this instant on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only entries behind the one of this id.</summary>
    public long? BeforeId { get; init; }
}
