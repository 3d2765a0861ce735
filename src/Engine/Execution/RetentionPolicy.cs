using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Settings;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>
/// How long workflows are kept after they have ended: according to the newest version of their definition (of any process), otherwise
/// according to the settings.
/// </summary>
internal sealed class RetentionPolicy
{
    private readonly RetentionSpans settings;
    private readonly Dictionary<string, RetentionSpans> ofDefinitions;

    public RetentionPolicy(EngineOptions options, IReadOnlyList<DefinitionRecord> newest)
    {
        settings = new(options.RetentionFinished, options.RetentionFailed, options.RetentionCancelled);
        ofDefinitions = newest
            .Select(definition => (definition.Name, Own: DefinitionShape.Parse(definition.Shape).Retention))
            .Where(definition => definition.Own is not null)
            .ToDictionary(definition => definition.Name, definition => settings.Or(definition.Own!));
        Spans =
        [
            .. ofDefinitions
                .Values.Append(settings)
                .SelectMany(spans => (TimeSpan[])[spans.Finished, spans.Failed, spans.Cancelled])
                .Where(span => span > TimeSpan.Zero)
                .Distinct()
                .Order(),
        ];
    }

    /// <summary>All distinct retention times except zero, shortest first.</summary>
    public IReadOnlyList<TimeSpan> Spans { get; }

    /// <summary>How long a workflow is kept after it has ended; zero means forever.</summary>
    public TimeSpan Of(string workflowType, WorkflowStatus status)
    {
        var spans = ofDefinitions.GetValueOrDefault(workflowType, settings);
        return status switch
        {
            WorkflowStatus.Finished => spans.Finished,
            WorkflowStatus.Cancelled => spans.Cancelled,
            _ => spans.Failed,
        };
    }

    /// <summary>Whether another policy has the same retention times for all workflows.</summary>
    public bool IsSameAs(RetentionPolicy? other) =>
        other is not null
        && settings == other.settings
        && ofDefinitions.Count == other.ofDefinitions.Count
        && ofDefinitions.All(own => other.ofDefinitions.TryGetValue(own.Key, out var others) && own.Value == others);

    private readonly record struct RetentionSpans(TimeSpan Finished, TimeSpan Failed, TimeSpan Cancelled)
    {
        public RetentionSpans Or(RetentionShape own) =>
            new(
                SpanOf(own.FinishedSeconds) ?? Finished,
                SpanOf(own.FailedSeconds) ?? Failed,
                SpanOf(own.CancelledSeconds) ?? Cancelled
            );

        private static TimeSpan? SpanOf(double? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : null;
    }
}
