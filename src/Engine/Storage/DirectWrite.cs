using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// A batch that can be written without reading anything first: creates, and steps of known workflows that involve neither parent nor
/// children. Most batches are of this kind.
/// </summary>
internal sealed class DirectWrite
{
    private readonly List<EventOutcome> events;

    private readonly int requested;

    private DirectWrite(RowSet rows, List<EventOutcome> events, int requested)
    {
        Rows = rows;
        this.events = events;
        this.requested = requested;
    }

    /// <summary>The rows to write.</summary>
    public RowSet Rows { get; }

    /// <summary>Plans a batch; returns null if rows must be read first.</summary>
    public static DirectWrite? TryPlan(WriteBatch batch)
    {
        var set = new RowSet(batch.Now, batch.ExecutorId);
        var events = new List<EventOutcome>(batch.Events.Count);
        var changes = new List<WorkflowChange>(batch.Events.Count);
        var workflows = new HashSet<long>(batch.Events.Count);
        var deliveries = new List<NewWorkflow>();
        foreach (var each in batch.Events)
        {
            // The row of a parent with open children changes whenever one of them ends. A final workflow changes too rarely to be worth it.
            if (
                each.Known is not { OpenChildren: 0 } known
                || known.Status.IsFinal()
                || !workflows.Add(each.WorkflowId)
                || WorkflowRule.Decide(known, each.Event, batch.Now) is not Ruling.Written written
                || ReferenceEquals(written.After, known)
                || written.Children.Count > 0
                || written.ClosesHistory
                || written.Keeps is not null
                || written.Takes is not null
                || (known.KeptSignals is not null && written.After is { KeptSignals: null })
                || (written.ForParent.Count > 0 && known.ParentWorkflowId is not null)
            )
            {
                return null;
            }

            set.Add(known, written.After);
            foreach (var entry in written.History)
            {
                set.History.Add(new HistoryRow(known.Id, entry));
            }

            deliveries.AddRange(written.Deliveries);
            events.Add(new EventOutcome(EventVerdict.Committed, written.After));
            if (written.IsVisible)
            {
                changes.Add(WorkflowChange.To(written.After, known.State));
            }
        }

        var externalIds = new HashSet<string>(batch.Creates.Count, StringComparer.Ordinal);
        foreach (var create in batch.Creates.Concat(deliveries))
        {
            if (create.Arrival is not null || !externalIds.Add(create.ExternalId))
            {
                return null;
            }

            var (workflow, history) = WorkflowRule.Create(create, parentId: null, batch.Now);
            set.Add(new NewRow(workflow, history, create));
        }

        set.Changes = changes;
        return new DirectWrite(set, events, batch.Creates.Count);
    }

    /// <summary>The result, after the rows have been written.</summary>
    public WriteResult Result() =>
        new(
            [.. Rows.Creates.Take(requested).Select(create => new CreateOutcome(create.Row.Id, Existed: false))],
            events,
            Rows.AllChanges
        );
}
