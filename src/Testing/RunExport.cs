using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Testing.Replaying;

namespace GopherFlow.Testing;

/// <summary>
/// What a workflow has done, taken from any store: the definition that it ran on, its history, the signals that its steps took, its children and its
/// result. <see cref="Replay"/> runs it against the code of today.
/// </summary>
public sealed record RunExport
{
    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        WriteIndented = true,
    };

    /// <summary>The form of the export. This is 1.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The id of the workflow; 0 when it is not known.</summary>
    public long WorkflowId { get; init; }

    /// <summary>The caller's id for it, or null when it is not known.</summary>
    public string? ExternalId { get; init; }

    /// <summary>What it was about, or null when it is not known.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>The name of its definition, or null when it is not known.</summary>
    public string? WorkflowType { get; init; }

    /// <summary>The version of the definition on which it was last, or null when it is not known.</summary>
    public string? Version { get; init; }

    /// <summary>Its history, oldest first.</summary>
    public IReadOnlyList<RunEntry> Entries { get; init; } = [];

    /// <summary>The signals that its steps have taken, oldest first. The history has their names only.</summary>
    public IReadOnlyList<RunSignal> Signals { get; init; } = [];

    /// <summary>Its children as they stood when it was exported, oldest first; null when they are not known.</summary>
    public IReadOnlyList<RunChild>? Children { get; init; }

    /// <summary>Its result, or null.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Exports a workflow from a store: one of the services of an application, or of a <see cref="FlowTest"/>.</summary>
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
    /// Reads what <see cref="ToJson"/> wrote, or the pages of a history as <c>GET /api/workflows/{id}/history</c> gives them, in any order. Pages
    /// know neither the payloads of signals nor children: steps that ask for them are not compared.
    /// </summary>
    /// <exception cref="JsonException">A text is neither.</exception>
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

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Serialization);
}

/// <summary>An entry of an exported history, with the names that it has on the wire.</summary>
public sealed record RunEntry
{
    /// <summary>Its position.</summary>
    public required long Id { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened: a name of <see cref="HistoryKindNames"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The state before, or null.</summary>
    public string? From { get; init; }

    /// <summary>The state after.</summary>
    public required string To { get; init; }

    /// <summary>The status after, as a name of <see cref="WorkflowStatusNames"/>.</summary>
    public required string Status { get; init; }

    /// <summary>How many transitions there had been before.</summary>
    public int Step { get; init; }

    /// <summary>Failed attempts of the state before this one.</summary>
    public int RetryCount { get; init; }

    /// <summary>When the workflow was due after it, or null.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>How long the function of the state ran, or null.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>What brought it about, such as <c>signal:paid</c>, or null.</summary>
    public string? Cause { get; init; }

    /// <summary>Who did it: a user, or <c>workflow:5</c> for a parent; null for an executor.</summary>
    public string? Actor { get; init; }

    /// <summary>What went wrong, or null.</summary>
    public StepError? Error { get; init; }

    /// <summary>What only some kinds have to say, or null.</summary>
    public HistoryDetails? Details { get; init; }

    /// <summary>What changed in the variables, or null.</summary>
    public RunVariables? Variables { get; init; }
}

/// <summary>What an entry says of the variables.</summary>
public sealed record RunVariables
{
    /// <summary>Whether these are all variables, not only those that changed.</summary>
    public bool Whole { get; init; }

    /// <summary>The new values by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Set { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The names of those that were removed.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>The names of those that were set to a value that the history does not keep.</summary>
    public IReadOnlyList<string> Omitted { get; init; } = [];
}

/// <summary>A signal that a step has taken.</summary>
/// <param name="Id">The store's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Key">The key that its sender gave it, or null.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="Taken">When a step took it.</param>
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
/// <param name="Status">Its status, as a name of <see cref="WorkflowStatusNames"/>.</param>
/// <param name="State">Its state.</param>
/// <param name="Finished">When it ended, or null.</param>
/// <param name="LastError">What its last failed attempt said, or null.</param>
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
