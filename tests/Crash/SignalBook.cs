using System.Globalization;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Crash;

/// <summary>Records the sent signals, and checks their effects.</summary>
internal sealed class SignalBook
{
    private readonly Dictionary<long, int> asked = [];
    private readonly Dictionary<long, int> acknowledged = [];

    /// <summary>Records a signal about to be sent, which may get no answer.</summary>
    public void Ask(long workflowId) => asked[workflowId] = asked.GetValueOrDefault(workflowId) + 1;

    /// <summary>Records the answer.</summary>
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
    /// Finds the violations of a workflow: an acknowledged signal that is missing, a signal that was received or taken twice, or is still
    /// kept by a final workflow, and a deadline that passed although a signal had arrived.
    /// </summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="history">Oldest first.</param>
    /// <param name="kept">The signals kept for it in the store.</param>
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
            yield return $"workflow {workflow.Id} has received {came} signals, but {least} were acknowledged and {most} sent";
        }

        var taken = Workload.TakenBy(workflow);
        if (taken.Distinct().Count() != history.Count(action => Takes(action.Entry)))
        {
            yield return $"workflow {workflow.Id} has taken the signals {string.Join(' ', taken)}, but its history differs";
        }

        if (workflow.Status.IsFinal() && kept.Count > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"workflow {workflow.Id} is final, but {kept.Count} signals are kept for it"
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
                yield return $"workflow {workflow.Id} continued by its deadline to {action.Entry.To}, although its signal had arrived";
            }
        }
    }

    private static bool Takes(HistoryEntry entry) =>
        entry.Kind is HistoryKind.Transition or HistoryKind.Arrived && entry.Cause is not null;
}
