using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// The rows that a transaction writes, grouped by what a store does with them. Unfinished workflows have their own table; a workflow that
/// ends moves from there to the table of results, and back if it is reopened.
/// </summary>
internal sealed class RowSet(DateTimeOffset now, long? executorId)
{
    private readonly Dictionary<long, RowChange> changes = [];
    private SortedChanges? sorted;

    /// <summary>The instant of the commit.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The executor that writes; null for a person.</summary>
    public long? ExecutorId { get; } = executorId;

    /// <summary>Workflows that have no id yet. Only <see cref="IRowStore.TryWriteAsync"/> gets any.</summary>
    public List<NewRow> Creates { get; } = [];

    /// <summary>New workflows that have their ids.</summary>
    public List<WorkflowRecord> Inserted { get; } = [];

    /// <summary>New workflows that have their ids, and are already final.</summary>
    public List<WorkflowRecord> InsertedFinal { get; } = [];

    /// <summary>The history entries to append, in order.</summary>
    public List<HistoryRow> History { get; } = [];

    /// <summary>New variables by workflow.</summary>
    public Dictionary<long, string> Variables { get; } = [];

    /// <summary>The signals to keep, each with its workflow.</summary>
    public List<(long WorkflowId, Signalled Signalled)> Signals { get; } = [];

    /// <summary>The ids of the signals that steps have taken.</summary>
    public List<long> TakenSignals { get; } = [];

    /// <summary>The workflows that have ended for good. The signals kept for them are marked as taken.</summary>
    public List<long> DroppedSignals { get; } = [];

    /// <summary>The workflows that begin anew. Their history from before the last new beginning is deleted.</summary>
    public List<long> ClosedHistories { get; } = [];

    /// <summary>The audit entries of workflows that have their ids.</summary>
    public List<AuditEntry> Audit { get; } = [];

    /// <summary>The changes for listeners, of workflows that have their ids.</summary>
    public IReadOnlyList<WorkflowChange> Changes { get; set; } = [];

    /// <summary>All changes for listeners; a create without an id has id 0.</summary>
    public IReadOnlyList<WorkflowChange> AllChanges =>
        Creates.Count == 0
            ? Changes
            : [.. Creates.Select(create => WorkflowChange.To(create.Row, previousState: null)), .. Changes];

    /// <summary>The changes of the counts, including creates.</summary>
    public CountDeltas Counts { get; } = new();

    /// <summary>Unfinished before and after, in the order of their ids.</summary>
    public IReadOnlyList<RowChange> Running => Sorted().Running;

    /// <summary>Unfinished before, final after.</summary>
    public IReadOnlyList<RowChange> Ended => Sorted().Ended;

    /// <summary>Final before, unfinished after.</summary>
    public IReadOnlyList<RowChange> Reopened => Sorted().Reopened;

    /// <summary>Final before and after.</summary>
    public IReadOnlyList<RowChange> StillFinal => Sorted().StillFinal;

    /// <summary>Workflows to delete, as they are stored, with their variables and history.</summary>
    public List<WorkflowRecord> Removed { get; } = [];

    /// <summary>How many rows are changed.</summary>
    public int Changed => changes.Count;

    /// <summary>The executor that is recorded for a history entry; null if it was not made by an executor.</summary>
    public long? AuthorOf(HistoryEntry entry) => entry.ByExecutor ? ExecutorId : null;

    /// <summary>
    /// Splits the history in two parts, each in order: the entries of workflows that have only plain entries, and the entries of all
    /// others. The entries of one workflow stay together, because their ids define their order.
    /// </summary>
    public (List<HistoryRow> Plain, List<HistoryRow> Full) SplitHistory()
    {
        if (History.TrueForAll(row => row.Entry.IsPlain))
        {
            return (History, []);
        }

        var full = History.Where(row => !row.Entry.IsPlain).Select(row => row.WorkflowId).ToHashSet();
        return (
            History.FindAll(row => !full.Contains(row.WorkflowId)),
            History.FindAll(row => full.Contains(row.WorkflowId))
        );
    }

    /// <summary>Adds a workflow that gets its id when it is written.</summary>
    public void Add(NewRow create)
    {
        Creates.Add(create);
        Counts.Add(create.Row);
    }

    /// <summary>Handles a create that has got its id: from now on it is a new workflow like any other.</summary>
    public void MoveToInserted(NewRow create)
    {
        (create.Row.Status.IsFinal() ? InsertedFinal : Inserted).Add(create.Row);
        History.Add(new HistoryRow(create.Row.Id, create.History));
        if (create.Row.StateVars != Authoring.Variables.EmptyJson)
        {
            Variables[create.Row.Id] = create.Row.StateVars;
        }

        if (create.Audit is { } entry)
        {
            Audit.Add(entry);
        }
    }

    /// <summary>Adds a workflow that has its id.</summary>
    public void AddInserted(NewRow created)
    {
        MoveToInserted(created);
        Counts.Add(created.Row);
    }

    /// <summary>Adds a changed row. A row that changes several times in a transaction is written once.</summary>
    public void Add(WorkflowRecord before, WorkflowRecord after)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        var first = changes.TryGetValue(after.Id, out var earlier) ? earlier.Before : before;
        changes[after.Id] = new RowChange(first, after);
        sorted = null;
        Counts.Replace(before, after);
        if (before.KeptSignals is not null && after is { KeptSignals: null } && after.Status.IsFinal())
        {
            DroppedSignals.Add(after.Id);
        }

        if (!ReferenceEquals(before.StateVars, after.StateVars))
        {
            Variables[after.Id] = after.StateVars;
        }
    }

    /// <summary>Deletes a row. Nothing else that was planned for it is written.</summary>
    public void Remove(WorkflowRecord before)
    {
        Removed.Add(changes.Remove(before.Id, out var change) ? change.Before : before);
        History.RemoveAll(entry => entry.WorkflowId == before.Id);
        Variables.Remove(before.Id);
        Signals.RemoveAll(signal => signal.WorkflowId == before.Id);
        Counts.Remove(before);
        sorted = null;
    }

    private SortedChanges Sorted()
    {
        if (sorted is null)
        {
            sorted = new SortedChanges([], [], [], []);
            foreach (var change in changes.Values.OrderBy(change => change.After.Id))
            {
                sorted.Of(change).Add(change);
            }
        }

        return sorted;
    }

    private sealed record SortedChanges(
        List<RowChange> Running,
        List<RowChange> Ended,
        List<RowChange> Reopened,
        List<RowChange> StillFinal
    )
    {
        public List<RowChange> Of(RowChange change) =>
            (change.Before.Status.IsFinal(), change.After.Status.IsFinal()) switch
            {
                (false, false) => Running,
                (false, true) => Ended,
                (true, false) => Reopened,
                (true, true) => StillFinal,
            };
    }
}
