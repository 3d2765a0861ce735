using System.Text.Json;

namespace GopherFlow.Rules;

/// <summary>The outcome of an attempt to change something.</summary>
public enum AuditOutcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was not, and nothing is changed.</summary>
    Refused,
}

/// <summary>The names of <see cref="AuditOutcome"/>, as they are stored.</summary>
public static class AuditOutcomeNames
{
    private static readonly string[] Names = ["done", "refused"];

    /// <summary>The name of an outcome.</summary>
    public static string ToName(this AuditOutcome outcome) => Names[(int)outcome];

    /// <summary>Reads a name that was written by <see cref="ToName"/>.</summary>
    public static AuditOutcome Parse(string name) => (AuditOutcome)Array.IndexOf(Names, name);
}

/// <summary>What a user or key did or was refused. Long texts are cut.</summary>
public sealed record AuditEntry
{
    /// <summary>The most characters of what was before or is now; what is longer is replaced by a note with its beginning.</summary>
    public const int LongestJson = 16 * 1024;

    /// <summary>The <see cref="TargetKind"/> of a workflow; its <see cref="TargetId"/> is the workflow's id.</summary>
    public const string OfWorkflow = "workflow";

    private const int LongestText = 100;
    private const int LongestTargetId = 500;

    /// <summary>Who, by name: the user may be gone when the log is read.</summary>
    public required string Actor
    {
        get;
        init => field = value.CutAt(LongestText).Storable();
    }

    /// <summary>Who, if it is a user.</summary>
    public long? UserId { get; init; }

    /// <summary>With which key, if with one.</summary>
    public long? ApiKeyId { get; init; }

    /// <summary>From where, if that is known.</summary>
    public string? Address
    {
        get;
        init => field = value?.CutAt(LongestText).Storable();
    }

    /// <summary>What, such as <c>workflow.cancel</c>.</summary>
    public required string Action
    {
        get;
        init => field = value.CutAt(LongestText).Storable();
    }

    /// <summary>To what kind of thing, such as <c>workflow</c>; empty when to none.</summary>
    public string TargetKind
    {
        get;
        init => field = value.CutAt(LongestText).Storable();
    } = "";

    /// <summary>To which one; empty when it is not known, or there is none.</summary>
    public string TargetId
    {
        get;
        init => field = value.CutAt(LongestTargetId).Storable();
    } = "";

    /// <summary>Whether it was done.</summary>
    public required AuditOutcome Outcome { get; init; }

    /// <summary>What was before, as JSON text.</summary>
    public string? Before
    {
        get;
        init => field = CutJson(value);
    }

    /// <summary>What is now, or was asked for, as JSON text.</summary>
    public string? After
    {
        get;
        init => field = CutJson(value);
    }

    /// <summary>The id of the request in the logs of the server.</summary>
    public string? RequestId
    {
        get;
        init => field = value?.CutAt(LongestText).Storable();
    }

    private static string? CutJson(string? json) =>
        json is null || json.Length <= LongestJson
            ? json?.CutAt(LongestJson).Storable()
            : JsonSerializer.Serialize(
                new Dictionary<string, object>
                {
                    ["cutAt"] = LongestJson / 8,
                    ["length"] = json.Length,
                    ["beginning"] = json.CutAt(LongestJson / 8).Storable(),
                }
            );
}
