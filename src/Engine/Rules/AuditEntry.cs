using System.Text.Json;

namespace GopherFlow.Rules;

/// <summary>The outcome of an attempted change.</summary>
public enum AuditOutcome
{
    /// <summary>The change was made.</summary>
    Done,

    /// <summary>The change was refused, and nothing was changed.</summary>
    Refused,
}

/// <summary>The names of <see cref="AuditOutcome"/>, as they are stored.</summary>
public static class AuditOutcomeNames
{
    private static readonly string[] Names = ["done", "refused"];

    /// <summary>The name of an outcome.</summary>
    public static string ToName(this AuditOutcome outcome) => Names[(int)outcome];

    /// <summary>Parses a name that <see cref="ToName"/> returned.</summary>
    public static AuditOutcome Parse(string name) => (AuditOutcome)Array.IndexOf(Names, name);
}

/// <summary>An entry of the audit log: what a user or API key changed, or was refused. Long texts are truncated.</summary>
public sealed record AuditEntry
{
    /// <summary>
    /// The maximum length of <see cref="Before"/> and <see cref="After"/>, in characters. Longer values are replaced by a note with their
    /// beginning.
    /// </summary>
    public const int LongestJson = 16 * 1024;

    /// <summary>The <see cref="TargetKind"/> of a workflow; its <see cref="TargetId"/> is the workflow's id.</summary>
    public const string OfWorkflow = "workflow";

    private const int LongestText = 100;
    private const int LongestTargetId = 500;

    /// <summary>The name of the actor. It is stored because the user may have been deleted when the log is read.</summary>
    public required string Actor
    {
        get;
        init => field = value.CutAt(LongestText).Storable();
    }

    /// <summary>The id of the user, or null.</summary>
    public long? UserId { get; init; }

    /// <summary>The id of the API key, or null.</summary>
    public long? ApiKeyId { get; init; }

    /// <summary>The network address of the actor, or null if unknown.</summary>
    public string? Address
    {
        get;
        init => field = value?.CutAt(LongestText).Storable();
    }

    /// <summary>The action, such as <c>workflow.cancel</c>.</summary>
    public required string Action
    {
        get;
        init => field = value.CutAt(LongestText).Storable();
    }

    /// <summary>The kind of the target, such as <c>workflow</c>; empty if there is no target.</summary>
    public string TargetKind
    {
        get;
        init => field = value.CutAt(LongestText).Storable();
    } = "";

    /// <summary>The id of the target; empty if it is unknown, or if there is no target.</summary>
    public string TargetId
    {
        get;
        init => field = value.CutAt(LongestTargetId).Storable();
    } = "";

    /// <summary>Whether the change was made.</summary>
    public required AuditOutcome Outcome { get; init; }

    /// <summary>The value before the change, as JSON text.</summary>
    public string? Before
    {
        get;
        init => field = CutJson(value);
    }

    /// <summary>The value after the change, or the requested value, as JSON text.</summary>
    public string? After
    {
        get;
        init => field = CutJson(value);
    }

    /// <summary>The id of the request in the server's logs.</summary>
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
