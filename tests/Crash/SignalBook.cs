using System.Globalization;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Crash;

/// <summary>The signals that were sent, and what must have become of them.</summary>
internal sealed class SignalBook
{
    private readonly Dictionary<long, int> asked = [];
    private readonly Dictionary<long, int> acknowledged = [];

    /// <summary>A signal is about to be sent; there may be no answer.</summary>
    public void Ask(long workflowId) => asked[workflowId] = asked.GetValueOrDefault(workflowId) + 1;

    /// <summary>The answer has come.</summary>
    public void Answer(long workflowId, EventVerdict verdict)
    {
        if (verdict == EventVerdict.Committed)
        {
            acknowledged[workflowId] = acknowledged.GetValueOrDefault(workflowId) + 1;
        }
        else
        {
            asked[workflowId]--;
        }
    }

    /// <summary>
    /// What is not as promised of a workflow: a signal that was acknowledged and has not come, one that came twice, was taken twice, or
    /// is still kept by a workflow that is final; and a deadline that came although a signal had.
    /// </summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="history">Oldest first.</param>
    /// <param name="kept">The signals that the store keeps for it.</param>
    public IEnumerable<string> FindFaults(
        WorkflowRecord workflow,
        IReadOnlyList<ActionRecord> history,
        IReadOnlyList<SignalRecord> kept
    )
    {
        var came = history.Count(action => action.Entry.Kind == HistoryKind.Signalled);
        var (least, most) = (acknowledged.GetValueOrDefault(workflow.Id), asked.GetValueOrDefault(workflow.Id));
        if (came < least || came > most)
        {
            yield return $"workflow {workflow.Id} has received {came} signals; {least} were acknowledged, and {most} sent";
        }

        var taken = Workload.TakenBy(workflow);
        if (taken.Distinct().Count() != history.Count(action => Takes(action.Entry)))
        {
            yield return $"workflow {workflow.Id} has taken the signals {string.Join(' ', taken)}, and its history tells otherwise";
        }

        if (workflow.Status.IsFinal() && kept.Count > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"workflow {workflow.Id} is final, and {kept.Count} signals are kept for it"
            );
        }

        var waiting = 0;
        foreach (var action in history)
        {
            waiting +=
                action.Entry.Kind == HistoryKind.Signalled ? 1
                : Takes(action.Entry) ? -1
                : 0;
            if (action.Entry.Kind == HistoryKind.DeadlinePassed && waiting > 0)
            {
                yield return $"workflow {workflow.Id} went on by its deadline to {action.Entry.To}, although its signal had come";
            }
        }
    }

    private static bool Takes(HistoryEntry entry) =>
        entry.Kind is HistoryKind.Transition or HistoryKind.Arrived && entry.Cause is not null;
}
