using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Testing.Replaying;

namespace GopherFlow.Testing;

/// <summary>
/// The exported history of a workflow from any store: its definition, its history entries, the signals that its steps consumed, its
/// children and its result. <see cref="Replay"/> runs it against the current code.
/// </summary>
public sealed record RunExport
{
    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        WriteIndented = true,
    };

    /// <summary>The version of the export format, currently 1.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The id of the workflow; 0 if unknown.</summary>
    public long WorkflowId { get; init; }

    /// <summary>The external id of the workflow; null if unknown.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The business key; null if unknown.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>The name of its definition; null if unknown.</summary>
    public string? WorkflowType { get; init; }

    /// <summary>The last version of the definition that it ran on; null if unknown.</summary>
    public string? Version { get; init; }

    /// <summary>Its history entries, oldest first.</summary>
    public IReadOnlyList<RunEntry> Entries { get; init; } = [];

    /// <summary>The signals that its steps consumed, oldest first. The history itself contains only their names.</summary>
    public IReadOnlyList<RunSignal> Signals { get; init; } = [];

    /// <summary>Its children at the time of the export, oldest first; null if unknown.</summary>
    public IReadOnlyList<RunChild>? Children { get; init; }

    /// <summary>Its result; null if it has none.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>
    /// Exports a workflow from a store. The store is among the services of an application or of a <see cref="FlowTest"/>.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such workflow.</exception>
    public static async Task<RunExport> OfAsync(
        IWorkflowStore store,
        long workflowId,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        var workflow =
            await store.FindAsync(workflowId, cancellation).ConfigureAwait(false)
            ?? throw new ArgumentException($"There is no workflow {workflowId}.", nameof(workflowId));
        var signals = await store.TakenSignalsAsync(workflowId, cancellation).ConfigureAwait(false);
        var children = await store.ChildrenAsync(new ChildSearch(workflowId), cancellation).ConfigureAwait(false);
        return new RunExport
        {
            WorkflowId = workflow.Id,
            ExternalId = workflow.ExternalId,
            BusinessKey = workflow.BusinessKey,
            WorkflowType = workflow.WorkflowType,
            Version = workflow.Version,
            Entries = await StoredHistory.ReadAsync(store, workflowId, cancellation).ConfigureAwait(false),
            Signals = [.. signals.Select(RunSignal.Of)],
            Children = [.. children.Select(RunChild.Of)],
            Output = workflow.Output is { } output ? JsonElement.Parse(output) : null,
        };
    }

    /// <summary>
    /// Parses the output of <see cref="ToJson"/>, or pages of a history as returned by <c>GET /api/workflows/{id}/history</c>, in any
    /// order. Pages contain neither signal payloads nor children, so steps that use them are not compared.
    /// </summary>
    /// <exception cref="JsonException">A text is neither an export nor a page.</exception>
    public static RunExport Parse(params string[] pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        var read = pages
            .Select(page => JsonSerializer.Deserialize<RunExport>(page, Serialization))
            .OfType<RunExport>()
            .ToList();
        if (read.Count == 0 || read.Exists(page => page.Entries.Count == 0))
        {
            throw new JsonException("Expected an export or a page of a history, with 'entries'.");
        }

        return read[0] with
        {
            Entries =
            [
                .. read.SelectMany(page => page.Entries).DistinctBy(entry => entry.Id).OrderBy(entry => entry.Id),
            ],
        };
    }

    /// <summary>Converts the export to indented JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Serialization);
}

/// <summary>An entry of an exported history, with the names that the API uses.</summary>
public sealed record RunEntry
{
    /// <summary>The id of the entry. Ids increase with time.</summary>
    public required long Id { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The kind of the entry: a name from <see cref="HistoryKindNames"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The state before, or null.</summary>
    public string? From { get; init; }

    /// <summary>The state after.</summary>
    public required string To { get; init; }

    /// <summary>The status after, as a name from <see cref="WorkflowStatusNames"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The number of transitions before this entry.</summary>
    public int Step { get; init; }

    /// <summary>The number of failed attempts of the state before this one.</summary>
    public int RetryCount { get; init; }

    /// <summary>When the workflow was due after this entry, or null.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>How long the state function ran, in seconds, or null.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>The cause, such as <c>signal:paid</c>, or null.</summary>
    public string? Cause { get; init; }

    /// <summary>The actor: a user, or <c>workflow:5</c> for a parent; null for an executor.</summary>
    public string? Actor { get; init; }

    /// <summary>The error, or null.</summary>
    public StepError? Error { get; init; }

    /// <summary>Additional data of some kinds of entries, or null.</summary>
    public HistoryDetails? Details { get; init; }

    /// <summary>The changes of the variables, or null.</summary>
    public RunVariables? Variables { get; init; }
}

/// <summary>The variable changes of a history entry.</summary>
public sealed record RunVariables
{
    /// <summary>Whether these are all variables rather than only the changed ones.</summary>
    public bool Whole { get; init; }

    /// <summary>The new values by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Set { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The names of removed variables.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>The names of variables that were set to a value that the history does not keep.</summary>
    public IReadOnlyList<string> Omitted { get; init; } = [];
}

/// <summary>A signal that a step consumed.</summary>
/// <param name="Id">Its numeric id in the store.</param>
/// <param name="Name">Its name.</param>
/// <param name="Key">The key that the sender set, or null.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="Taken">When a step consumed it.</param>
public sealed record RunSignal(
    long Id,
    string Name,
    string? Key,
    JsonElement Payload,
    DateTimeOffset Sent,
    DateTimeOffset Taken
)
{
    internal static RunSignal Of(SignalRecord signal) =>
        new(signal.Id, signal.Name, signal.Key, JsonElement.Parse(signal.Payload), signal.Sent, signal.Taken!.Value);
}

/// <summary>A child of a workflow.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ExternalId">Its external id.</param>
/// <param name="WorkflowType">The name of its definition.</param>
/// <param name="BusinessKey">Its business key.</param>
/// <param name="Status">Its status, as a name from <see cref="WorkflowStatusNames"/>.</param>
/// <param name="State">Its state.</param>
/// <param name="Finished">When it ended, or null.</param>
/// <param name="LastError">The error of its last failed attempt, or null.</param>
/// <param name="Variables">Its variables.</param>
/// <param name="Output">Its result, or null.</param>
public sealed record RunChild(
    long Id,
    string ExternalId,
    string WorkflowType,
    string BusinessKey,
    string Status,
    string State,
    DateTimeOffset? Finished,
    string? LastError,
    JsonElement Variables,
    JsonElement? Output
)
{
    internal static RunChild Of(WorkflowRecord child) =>
        new(
            child.Id,
            child.ExternalId,
            child.WorkflowType,
            child.BusinessKey,
            child.Status.ToName(),
            child.State,
            child.Finished,
            child.LastError,
            JsonElement.Parse(child.StateVars),
            child.Output is { } output ? JsonElement.Parse(output) : null
        );
}
