using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>The tables of the in-memory store. Callers hold the store's lock.</summary>
internal sealed class InMemoryTables
{
    private long lastWorkflowId;
    private long lastActionId;
    private long lastSignalId;
    private long lastExecutorId;
    private long lastLogPosition;
    private int lastLogReader;

    /// <summary>Workflows by id, which is also the order of their creation.</summary>
    public SortedDictionary<long, WorkflowRecord> Workflows { get; } = [];

    /// <summary>The external ids in use, each with its workflow and the token of its create.</summary>
    public Dictionary<string, TakenExternalId> ExternalIds { get; } = new(StringComparer.Ordinal);

    /// <summary>The whole history, oldest first.</summary>
    public List<ActionRecord> Actions { get; } = [];

    /// <summary>All signals, oldest first.</summary>
    public List<InMemorySignal> Signals { get; } = [];

    /// <summary>The executors that are alive or ended recently, in the order of their ids.</summary>
    public List<ExecutorRecord> Executors { get; } = [];

    /// <summary>Definitions by name and version.</summary>
    public Dictionary<(string Name, string Version), DefinitionRecord> Definitions { get; } = [];

    /// <summary>Jobs and their failures.</summary>
    public InMemoryJobTable Jobs { get; } = new();

    /// <summary>Schedules by name.</summary>
    public SortedDictionary<string, ScheduleRecord> Schedules { get; } = new(StringComparer.Ordinal);

    /// <summary>The position of permit granting, by type.</summary>
    public Dictionary<string, LimitPosition> Limits { get; } = new(StringComparer.Ordinal);

    /// <summary>The stored counts.</summary>
    public Dictionary<CountKey, long> Counts { get; } = [];

    /// <summary>The change log, oldest first.</summary>
    public List<InMemoryLogEntry> Log { get; } = [];

    /// <summary>The listeners to changes, and until when each is registered.</summary>
    public Dictionary<int, DateTimeOffset> Listeners { get; } = [];

    /// <summary>The callbacks to call when there are new entries in the log.</summary>
    public Dictionary<int, Action> LogListeners { get; } = [];

    /// <summary>Which executor has a role, and until when.</summary>
    public Dictionary<string, (long ExecutorId, DateTimeOffset Until)> Roles { get; } = new(StringComparer.Ordinal);

    /// <summary>The next id of a workflow.</summary>
    public long NextId() => ++lastWorkflowId;

    /// <summary>The next id of an executor.</summary>
    public long NextExecutorId() => ++lastExecutorId;

    /// <summary>The next position in the change log.</summary>
    public long NextLogPosition() => ++lastLogPosition;

    /// <summary>The next number that identifies a store in the change log, among those that share these tables.</summary>
    public int NextLogReader() => Interlocked.Increment(ref lastLogReader);

    /// <summary>Notifies all listeners except the writer.</summary>
    public void NotifyChanges(int sender)
    {
        foreach (var (_, notify) in LogListeners.Where(other => other.Key != sender))
        {
            notify();
        }
    }

    /// <summary>Saves a definition as the newest of its name, even if several are saved at the same instant or clocks differ.</summary>
    public void Save(DefinitionRecord definition, DateTimeOffset at)
    {
        var now = at.AsStored();
        var key = (definition.Name, definition.Version);
        Definitions[key] = definition with
        {
            Created = Definitions.TryGetValue(key, out var earlier) ? earlier.Created : now,
            Updated = Definitions
                .Values.Where(other => other.Name == key.Name && other.Version != key.Version)
                .Select(other => other.Updated.AddMicroseconds(1))
                .Append(now)
                .Max(),
        };
    }

    /// <summary>Writes the rows that a transaction has planned.</summary>
    public void Write(RowSet rows)
    {
        foreach (var created in rows.Inserted.Concat(rows.InsertedFinal))
        {
            Workflows.Add(created.Id, created);
        }

        foreach (var change in rows.Running.Concat(rows.Ended).Concat(rows.Reopened).Concat(rows.StillFinal))
        {
            var variables = rows.Variables.GetValueOrDefault(change.After.Id) ?? Workflows[change.After.Id].StateVars;
            Workflows[change.After.Id] = change.After with { StateVars = variables };
        }

        foreach (var removed in rows.Removed)
        {
            Workflows.Remove(removed.Id);
            ExternalIds.Remove(removed.ExternalId);
            Actions.RemoveAll(action => action.WorkflowId == removed.Id);
            Signals.RemoveAll(signal => signal.WorkflowId == removed.Id);
        }

        foreach (var workflowId in rows.ClosedHistories)
        {
            var beginning = Actions.FindLast(action =>
                action.WorkflowId == workflowId && action.Entry.Kind == HistoryKind.ContinuedAnew
            );
            Actions.RemoveAll(action => action.WorkflowId == workflowId && action.Id < beginning?.Id);
        }

        foreach (var (workflowId, signalled) in rows.Signals)
        {
            var (name, key, payload) = signalled.Signal;
            Signals.Add(new(workflowId, new SignalRecord(++lastSignalId, name, key, payload, rows.Now)));
        }

        foreach (
            var signal in Signals.Where(signal =>
                rows.TakenSignals.Contains(signal.Signal.Id) || rows.DroppedSignals.Contains(signal.WorkflowId)
            )
        )
        {
            signal.Taken ??= rows.Now;
        }

        foreach (var (workflowId, entry) in rows.History)
        {
            var executorId = rows.AuthorOf(entry);
            var stored = entry with { ByExecutor = executorId is not null };
            Actions.Add(new ActionRecord(++lastActionId, workflowId, executorId, rows.Now, stored));
        }

        foreach (var (key, delta) in rows.Counts.NonZero)
        {
            Counts[key] = Counts.GetValueOrDefault(key) + delta;
        }
    }
}

/// <summary>A signal in memory.</summary>
internal sealed class InMemorySignal(long workflowId, SignalRecord signal)
{
    public long WorkflowId { get; } = workflowId;

    public SignalRecord Signal { get; } = signal;

    /// <summary>When a step took it, or its workflow ended; null until then.</summary>
    public DateTimeOffset? Taken { get; set; }
}
