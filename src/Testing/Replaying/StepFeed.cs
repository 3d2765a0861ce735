using System.Text.Json.Nodes;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Testing.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace GopherFlow.Testing.Replaying;

/// <summary>Recreates the input that a step had when it ran: variables, signal, children, attempt and step key.</summary>
internal sealed class StepFeed(RunExport export, string workflowType, FlowJson json)
{
    /// <summary>The signal that the step consumed; null if there was none.</summary>
    /// <exception cref="NotComparableException">Its payload is missing.</exception>
    public ReceivedSignal? SignalOf(RunEntry entry)
    {
        if (entry.Cause is not { } cause || !cause.StartsWith("signal:", StringComparison.Ordinal))
        {
            return null;
        }

        var name = cause["signal:".Length..];
        var taken =
            export.Signals.FirstOrDefault(signal => signal.Name == name && signal.Taken == entry.At)
            ?? throw new NotComparableException($"the payload of its signal '{name}' is missing");
        return new ReceivedSignal(
            taken.Id,
            taken.Name,
            taken.Key,
            taken.Payload.GetRawText(),
            taken.Sent,
            json.Options
        );
    }

    public StepContext ContextOf(
        RunEntry entry,
        JsonObject variables,
        ReceivedSignal? signal,
        TimeProvider clock,
        IServiceProvider services
    ) =>
        new(_ => Task.FromResult(ChildrenAt(entry)), _ => Task.FromResult(ResultsAt(entry)))
        {
            WorkflowId = export.WorkflowId,
            ExternalId = export.ExternalId ?? "replay",
            BusinessKey = export.BusinessKey ?? "replay",
            WorkflowType = workflowType,
            State = entry.From!,
            Attempt = entry.RetryCount + 1,
            StepNumber = entry.Step,
            HasBegun = HasBegunBefore(entry),
            StepKey = $"{export.ExternalId ?? "replay"}:{entry.Step}",
            Signal = signal,
            Variables = Variables.FromStore(variables.ToJsonString(json.Options), json.Options),
            Logger = NullLogger.Instance,
            Clock = clock,
            Services = services,
            Cancellation = CancellationToken.None,
        };

    /// <summary>
    /// Whether a step was committed before this one. A workflow imported from another system may already have committed steps.
    /// </summary>
    private bool HasBegunBefore(RunEntry entry) =>
        export
            .Entries.Where(earlier => earlier.Id < entry.Id)
            .Any(earlier =>
                HistoryKindNames.Parse(earlier.Kind) switch
                {
                    HistoryKind.Transition or HistoryKind.ContinuedAnew => true,
                    HistoryKind.Created => earlier.Step > 0,
                    _ => false,
                }
            );

    private IReadOnlyList<ChildWorkflow> ChildrenAt(RunEntry entry) =>
        [
            .. Known(entry)
                .Select(child => new ChildWorkflow(
                    child.Id,
                    child.ExternalId,
                    child.WorkflowType,
                    child.BusinessKey,
                    WorkflowStatusNames.Parse(child.Status),
                    child.State,
                    Variables.FromStore(child.Variables.GetRawText(), json.Options)
                )),
        ];

    private IReadOnlyList<ChildResult> ResultsAt(RunEntry entry) =>
        [
            .. Known(entry)
                .Select(child => new ChildResult(
                    child.Id,
                    child.ExternalId,
                    child.WorkflowType,
                    child.BusinessKey,
                    WorkflowStatusNames.Parse(child.Status),
                    child.State,
                    child.Finished,
                    child.LastError,
                    child.Output is { } output ? new WorkflowOutput(output.GetRawText(), json.Options) : null
                )),
        ];

    /// <summary>The children that existed when the step ran.</summary>
    /// <exception cref="NotComparableException">
    /// They are not in the export, or one of them had not ended by then, so that its status at the time is unknown.
    /// </exception>
    private List<RunChild> Known(RunEntry entry)
    {
        var children =
            export.Children ?? throw new NotComparableException("it asks for its children, which are missing");
        if (children.Count < export.Entries.Sum(CreatedBy))
        {
            throw new NotComparableException("it asks for children, some of which have been deleted");
        }

        var created = export.Entries.Where(later => later.Id >= entry.Id).Sum(CreatedBy);
        var there = children.Take(children.Count - created).ToList();
        return there.TrueForAll(child => child.Finished <= entry.At)
            ? there
            : throw new NotComparableException("it asks for children that have changed since then");
    }

    private static int CreatedBy(RunEntry entry) => entry.Details?.Children?.Values.Sum() ?? 0;
}

/// <summary>A step cannot be compared. The message is the reason.</summary>
internal sealed class NotComparableException(string reason) : NotRetryableException(reason);
