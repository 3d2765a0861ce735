using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// What a transaction has locked, and how it will leave it. What happens is worked out here, one member after the other, as the
/// in-memory store does it; then it is written with one statement a table. The caller holds the transaction.
/// </summary>
internal sealed class MySqlDraft(MySqlSession session, DateTimeOffset now)
{
    private readonly Dictionary<long, MySqlWorkflow> workflows = [];
    private readonly HashSet<long> changed = [];
    private readonly Dictionary<long, string> variables = [];
    private readonly List<ActionRecord> actions = [];

    /// <summary>The instant of the transaction.</summary>
    public DateTimeOffset Now => now;

    /// <summary>How the counts change.</summary>
    public CountDeltas Counts { get; } = new();

    /// <summary>Every workflow that is different now, in the order of writing.</summary>
    public List<WorkflowChange> Changes { get; } = [];

    /// <summary>Locks workflows and reads them.</summary>
    public async Task LockAsync(IEnumerable<long> ids)
    {
        foreach (var workflow in await session.LockAsync(ids))
        {
            workflows[workflow.Record.Id] = workflow;
        }
    }

    /// <summary>A draft for a part that may be undone: it begins with what this one has.</summary>
    public MySqlDraft Part()
    {
        var part = new MySqlDraft(session, now);
        foreach (var (id, workflow) in workflows)
        {
            part.workflows.Add(id, workflow);
        }

        return part;
    }

    /// <summary>Takes over what a part has written.</summary>
    public void Adopt(MySqlDraft part)
    {
        foreach (var (id, workflow) in part.workflows)
        {
            workflows[id] = workflow;
        }

        Changes.AddRange(part.Changes);
        Counts.AddAll(part.Counts);
    }

    /// <summary>A workflow that was locked, as it is now; null when there is none.</summary>
    public MySqlWorkflow? Find(long? id) => id is { } known ? workflows.GetValueOrDefault(known) : null;

    /// <summary>A workflow becomes another.</summary>
    public void Replace(MySqlWorkflow before, WorkflowRecord after, bool woken)
    {
        var (old, _) = before;
        Keep(new MySqlWorkflow(after, woken));
        Counts.Replace(old, after);
        Changes.Add(WorkflowChange.To(after, old.State));
    }

    /// <summary>A workflow becomes another in a way that nobody needs to hear of.</summary>
    public void Keep(MySqlWorkflow workflow)
    {
        workflows[workflow.Record.Id] = workflow;
        changed.Add(workflow.Record.Id);
    }

    /// <summary>Enters a line into the history of a workflow, with the attempt and retry that the record has.</summary>
    public void Log(WorkflowRecord workflow, long? executorId, NewAction action) =>
        Log(workflow.Id, executorId, workflow.ExecutionCount, workflow.RetryCount, action);

    /// <summary>Sets the variables of a workflow.</summary>
    public void SetVariables(long id, string stateVars) => variables[id] = stateVars;

    /// <summary>Inserts workflows at once, for others need their ids; what belongs to them follows with the rest.</summary>
    public async Task InsertAsync(IReadOnlyList<MySqlNewWorkflow> created)
    {
        await session.InsertAsync(created, now);
        foreach (var row in created)
        {
            row.CountIn(Counts);
            Log(row.Id, null, 0, 0, new NewAction(ActionTypes.Created, row.Workflow.State, row.Workflow.CreatedText));
            if (row.Workflow.StateVars != Authoring.Variables.EmptyJson)
            {
                SetVariables(row.Id, row.Workflow.StateVars);
            }
        }
    }

    /// <summary>Writes everything but the counts.</summary>
    public async Task WriteAsync()
    {
        await session.UpdateAsync([.. changed.Select(id => workflows[id])]);
        await session.SetAsync(variables);
        await session.EnterAsync(actions);
        changed.Clear();
        variables.Clear();
        actions.Clear();
    }

    /// <summary>Writes the rest: the counts come last, for all transactions meet there.</summary>
    public async Task FinishAsync()
    {
        await WriteAsync();
        await session.AddAsync(Counts);
    }

    private void Log(long workflowId, long? executorId, int executionCount, int retryCount, NewAction action) =>
        actions.Add(
            new ActionRecord(
                0,
                workflowId,
                executorId,
                executionCount,
                retryCount,
                action.Type,
                action.Name,
                action.Text,
                now
            )
        );
}
