using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// The rows that a transaction writes, sorted by what a store has to do with them. Unfinished workflows are in a table of their own;
/// a workflow that ends goes from there to the table of results, and back if it is reopened.
/// </summary>
internal sealed class RowSet(DateTimeOffset now, long? executorId)
{
    private readonly Dictionary<long, RowChange> changes = [];
    private SortedChanges? sorted;

    /// <summary>The instant of the commit.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The executor that writes; null for a person.</summary>
    public long? ExecutorId { get; } = executorId;

    /// <summary>Workflows that have no id yet. Only <see cref="IRowStore.TryWriteAsync"/> meets any.</summary>
    public List<NewRow> Creates { get; } = [];

    /// <summary>New workflows that have their ids.</summary>
    public List<WorkflowRecord> Inserted { get; } = [];

    /// <summary>New workflows that have their ids, and had ended before they came here.</summary>
    public List<WorkflowRecord> InsertedFinal { get; } = [];

    /// <summary>Entries for the history, in order.</summary>
    public List<HistoryRow> History { get; } = [];

    /// <summary>New variables by workflow.</summary>
    public Dictionary<long, string> Variables { get; } = [];

    /// <summary>Signals to keep, and for which workflow.</summary>
    public List<(long WorkflowId, Signalled Signalled)> Signals { get; } = [];

    /// <summary>The ids of the signals that are taken.</summary>
    public List<long> TakenSignals { get; } = [];

    /// <summary>The workflows that have ended for good and take no more of the signals that were kept for them.</summary>
    public List<long> DroppedSignals { get; } = [];

    /// <summary>The workflows that begin anew: what their histories have from before the last such beginning goes.</summary>
    public List<long> ClosedHistories { get; } = [];

    /// <summary>Entries for the audit log of workflows that have their ids.</summary>
    public List<AuditEntry> Audit { get; } = [];

    /// <summary>The changes for listeners, of workflows that have their ids.</summary>
    public IReadOnlyList<WorkflowChange> Changes { get; set; } = [];

    /// <summary>The changes for listeners; a create that has no id yet has 0.</summary>
    public IReadOnlyList<WorkflowChange> AllChanges =>
        Creates.Count == 0
            ? Changes
            : [.. Creates.Select(create => WorkflowChange.To(create.Row, previousState: null)), .. Changes];

    /// <summary>How the counts change, creates included.</summary>
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

    /// <summary>The executor that an entry of the history names.</summary>
    public long? AuthorOf(HistoryEntry entry) => entry.ByExecutor ? ExecutorId : null;

    /// <summary>
    /// The history in two parts, each in order: of workflows whose entries are all plain, and of the others. The entries of one workflow
    /// stay together, for their ids tell their order.
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

    /// <summary>A create has got its id: from here on it is a new workflow like any other.</summary>
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

    /// <summary>Adds a changed row; one that changes several times in a transaction is written once.</summary>
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

    /// <summary>Deletes a row; what else was to be written of it is not.</summary>
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
