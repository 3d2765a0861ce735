using GopherFlow.Authoring;

namespace GopherFlow.Storage.InMemory;

/// <summary>A workflow in memory, with the one mark that no query shows.</summary>
internal sealed class InMemoryWorkflow(WorkflowRecord record)
{
    /// <summary>The workflow as it is now.</summary>
    public WorkflowRecord Record { get; set; } = record;

    /// <summary>A wake came while it could not be made due.</summary>
    public bool Woken { get; set; }
}

/// <summary>The tables of the in-memory store. Whoever touches them holds the store's lock.</summary>
internal sealed class InMemoryTables
{
    private long lastWorkflowId;
    private long lastActionId;
    private long lastExecutorId;

    /// <summary>Workflows by id, which is also the order of their creation.</summary>
    public SortedDictionary<long, InMemoryWorkflow> Workflows { get; } = [];

    /// <summary>The ids of workflows by external id.</summary>
    public Dictionary<string, long> ExternalIds { get; } = new(StringComparer.Ordinal);

    /// <summary>The whole history, oldest first.</summary>
    public List<ActionRecord> Actions { get; } = [];

    /// <summary>The executors that live or ended not long ago, in the order of their ids.</summary>
    public List<ExecutorRecord> Executors { get; } = [];

    /// <summary>Definitions by name and version.</summary>
    public Dictionary<(string Name, string Version), DefinitionRecord> Definitions { get; } = [];

    /// <summary>The kept counts.</summary>
    public Dictionary<CountKey, long> Counts { get; } = [];

    /// <summary>The id of an executor that starts.</summary>
    public long NextExecutorId() => ++lastExecutorId;

    /// <summary>Saves a definition as the newest of its name, also when several are saved at one instant or clocks differ.</summary>
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

    /// <summary>Puts a changed workflow in place of the old one, keeps the counts, and gives the change.</summary>
    public WorkflowChange Replace(InMemoryWorkflow row, WorkflowRecord after)
    {
        var before = row.Record;
        row.Record = after;
        var deltas = new CountDeltas();
        deltas.Replace(before, after);
        Apply(deltas);
        return WorkflowChange.To(after, before.State);
    }

    /// <summary>Enters a new workflow with its first history entry.</summary>
    public WorkflowRecord Insert(NewWorkflow workflow, WorkflowRecord? parent, DateTimeOffset now)
    {
        var claimed = workflow.ClaimedBy is not null;
        var record = new WorkflowRecord
        {
            Id = ++lastWorkflowId,
            ExternalId = workflow.ExternalId,
            WorkflowType = workflow.WorkflowType,
            Version = workflow.Version,
            BusinessKey = workflow.BusinessKey,
            ExecutorGroup = workflow.ExecutorGroup,
            Priority = workflow.Priority,
            Status = claimed ? WorkflowStatus.Executing : WorkflowStatus.New,
            State = workflow.State,
            Step = 0,
            RetryCount = 0,
            ExecutionCount = 0,
            Lease = claimed ? 1 : 0,
            ExecutorId = workflow.ClaimedBy,
            Created = now,
            Modified = now,
            NextActivation = claimed ? null : workflow.NextActivation,
            Started = null,
            Finished = null,
            ParentWorkflowId = parent?.Id,
            OpenChildren = 0,
            AwaitsChildren = false,
            StateVars = workflow.StateVars,
        };
        Workflows.Add(record.Id, new InMemoryWorkflow(record));
        ExternalIds.Add(record.ExternalId, record.Id);
        var deltas = new CountDeltas();
        deltas.Add(record.WorkflowType, record.Version, record.State, record.Status);
        Apply(deltas);
        Log(record, null, new NewAction(ActionTypes.Created, record.State, workflow.CreatedText), now);
        return record;
    }

    /// <summary>Enters a line into the history of a workflow.</summary>
    public void Log(WorkflowRecord workflow, long? executorId, NewAction action, DateTimeOffset now) =>
        Actions.Add(
            new ActionRecord(
                ++lastActionId,
                workflow.Id,
                executorId,
                workflow.ExecutionCount,
                workflow.RetryCount,
                action.Type,
                action.Name,
                action.Text,
                now
            )
        );

    private void Apply(CountDeltas deltas)
    {
        foreach (var (key, delta) in deltas.NonZero)
        {
            Counts[key] = Counts.GetValueOrDefault(key) + delta;
        }
    }
}
