using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>An audit entry as stored.</summary>
/// <param name="Id">The id.</param>
/// <param name="At">When it was written, by the database's clock.</param>
/// <param name="Entry">The entry.</param>
public sealed record AuditRecord(long Id, DateTimeOffset At, AuditEntry Entry);

/// <summary>A page of the audit log. All given conditions must match.</summary>
/// <param name="Limit">The maximum number of entries in the page.</param>
public sealed record AuditSearch(int Limit)
{
    /// <summary>The name of the actor.</summary>
    public string? Actor { get; init; }

    /// <summary>The prefix of the action, such as <c>workflow.</c>.</summary>
    public string? ActionPrefix { get; init; }

    /// <summary>The kind of the target.</summary>
    public string? TargetKind { get; init; }

    /// <summary>The id of the target; needs <see cref="TargetKind"/>.</summary>
    public string? TargetId { get; init; }

    /// <summary>Only entries at this instant or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only entries before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only entries that come after the one with this id in the order of the page, newest first.</summary>
    public long? BeforeId { get; init; }
}
