using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// The result of a batch. The rule decides each event on the row as the previous events have left it. Steps of parents and children in a
/// batch depend on each other (the second of two children may be the last one), so nothing is written before the whole batch is planned.
/// </summary>
internal sealed class WritePlan(IReadOnlyDictionary<long, WorkflowRecord> rows, DateTimeOffset now)
{
    private readonly Dictionary<long, WorkflowRecord> current = new(rows);
    private readonly List<Entry> entries = [];

    /// <summary>The workflows to insert, in order.</summary>
    public List<NewRow> NewRows { get; } = [];

    /// <summary>Plans a new workflow, with the children that come with it.</summary>
    public NewRow Create(NewWorkflow request, long? parentId = null) => Create(request, parentId, parent: null);

    private NewRow Create(NewWorkflow request, long? parentId, NewRow? parent)
    {
        var (workflow, history) = WorkflowRule.Create(request, parentId, now);
        var created = new NewRow(workflow, history, request, parent);
        NewRows.Add(created);
        entries.Add(new Entry.Created(created));
        foreach (var child in request.Arrival?.Children ?? [])
        {
            Create(child, parentId: null, created);
        }

        return created;
    }

    /// <summary>The workflow as the plan leaves it, or null when there is none.</summary>
    public WorkflowRecord? Find(long id) => current.GetValueOrDefault(id);

    /// <summary>What an event would do, without applying it.</summary>
    public Ruling Decide(WorkflowRecord before, WorkflowEvent happened) => WorkflowRule.Decide(before, happened, now);

    /// <summary>Applies a ruling, with its children, its webhook deliveries, and its effects on the parent.</summary>
    public WorkflowRecord Apply(WorkflowRecord before, Ruling.Written ruling)
    {
        var after = ruling.After;
        current[after.Id] = after;
        entries.Add(new Entry.Changed(before, ruling));
        foreach (var child in ruling.Children)
        {
            Create(child, after.Id);
        }

        foreach (var delivery in ruling.Deliveries)
        {
            Create(delivery);
        }

        foreach (var happened in ruling.ForParent)
        {
            if (
                after.ParentWorkflowId is { } parentId
                && Find(parentId) is { } parent
                && Decide(parent, happened) is Ruling.Written forParent
            )
            {
                Apply(parent, forParent);
            }
        }

        return after;
    }

    /// <summary>Plans the deletion of a workflow.</summary>
    public void Remove(WorkflowRecord before)
    {
        current.Remove(before.Id);
        entries.Add(new Entry.Removed(before));
    }

    /// <summary>Adds the rows to write. Every new workflow must have its id by now.</summary>
    public void FillIn(RowSet set)
    {
        foreach (var entry in entries)
        {
            switch (entry)
            {
                case Entry.Created created:
                    set.AddInserted(created.Row);
                    break;
                case Entry.Changed changed:
                    set.Add(changed.Before, changed.Ruling.After);
                    set.History.AddRange(
                        changed.Ruling.History.Select(each => new HistoryRow(changed.Before.Id, each))
                    );
                    if (changed.Ruling.ClosesHistory)
                    {
                        set.ClosedHistories.Add(changed.Before.Id);
                    }

                    if (changed.Ruling.Keeps is { } kept)
                    {
                        set.Signals.Add((changed.Before.Id, kept));
                    }

                    if (changed.Ruling.Takes is { } taken)
                    {
                        set.TakenSignals.Add(taken.Id);
                    }

                    break;
                case Entry.Removed removed:
                    set.Remove(removed.Before);
                    break;
            }
        }
    }

    /// <summary>The changes for listeners. Every new workflow must have its id by now.</summary>
    public IReadOnlyList<WorkflowChange> Changes() =>
        [
            .. entries
                .Select(entry =>
                    entry switch
                    {
                        Entry.Created created => WorkflowChange.To(created.Row.Row, previousState: null),
                        Entry.Changed { Ruling.IsVisible: true } changed => WorkflowChange.To(
                            changed.Ruling.After,
                            changed.Before.State
                        ),
                        _ => null,
                    }
                )
                .OfType<WorkflowChange>(),
        ];

    private abstract record Entry
    {
        private Entry() { }

        public sealed record Created(NewRow Row) : Entry;

        public sealed record Changed(WorkflowRecord Before, Ruling.Written Ruling) : Entry;

        public sealed record Removed(WorkflowRecord Before) : Entry;
    }
}
