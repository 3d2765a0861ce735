using GopherFlow.Storage;
using GopherFlow.Telemetry;

namespace GopherFlow.Execution;

/// <summary>Passes commits of this executor and of others on to everything in this process that waits for them.</summary>
internal sealed class CommitObserver(
    ChangeFeed feed,
    RunningWorkflows running,
    Dispatcher dispatcher,
    PermitGranter granter,
    EngineMetrics metrics
)
{
    /// <summary>Raised with committed changes, on the thread that reports them. A handler must not block.</summary>
    public event Action<IReadOnlyList<WorkflowChange>>? Committed;

    /// <summary>
    /// Passes on changes that this executor or another has committed: to the feed, the dispatcher, the permit granter, and runs that have
    /// lost their claim.
    /// </summary>
    public void Observe(IReadOnlyList<WorkflowChange> changes)
    {
        CountCreated(changes);
        feed.Publish(changes);
        running.EndFencedOut(changes);
        dispatcher.Notice(changes);
        granter.Notice(changes);
        Committed?.Invoke(changes);
    }

    /// <summary>
    /// Passes on the result of a write. An event that was not committed has still locked its row for a moment, so a claim may have skipped
    /// it. The row may also result from an earlier commit whose answer was lost, which this process has not published yet.
    /// </summary>
    public void Observe(WriteResult result)
    {
        Observe(result.Changes);
        if (result.Events.Any(static outcome => outcome.Verdict != EventVerdict.Committed))
        {
            WorkflowChange[] standing = [.. result.Events.SelectMany(AsItStands)];
            feed.Publish(standing);
            granter.Notice(standing);
            dispatcher.PollNow();
        }

        static IEnumerable<WorkflowChange> AsItStands(EventOutcome outcome) =>
            outcome is { Verdict: not (EventVerdict.Committed or EventVerdict.Rejected), Workflow: { } workflow }
                ? [WorkflowChange.To(workflow, workflow.State)]
                : [];
    }

    private void CountCreated(IReadOnlyList<WorkflowChange> changes)
    {
        if (metrics.CountsCreated)
        {
            foreach (var change in changes.Where(static change => change.PreviousState is null))
            {
                metrics.Created(change.WorkflowType);
            }
        }
    }
}
