using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>Reads records from rows. Every database selects the columns in this order.</summary>
internal static class StoredRows
{
    /// <summary>Reads a workflow; its variables are the last column.</summary>
    public static WorkflowRecord Workflow(IStoredRow row) => Workflow(row, withVariables: true);

    /// <summary>Reads a workflow whose variables were not selected.</summary>
    public static WorkflowRecord WithoutVariables(IStoredRow row) => Workflow(row, withVariables: false);

    /// <summary>Reads the variables of a workflow, with its id.</summary>
    public static KeyValuePair<long, string> Variables(IStoredRow row) => KeyValuePair.Create(row.Number(), row.Text());

    /// <summary>Adds variables to workflows that were read without them. A workflow that is not listed stays as it is.</summary>
    public static List<WorkflowRecord> WithVariables(
        this List<WorkflowRecord> workflows,
        List<KeyValuePair<long, string>> variables
    )
    {
        if (variables.Count == 0)
        {
            return workflows;
        }

        var byId = variables.ToDictionary();
        return workflows.ConvertAll(row =>
            byId.TryGetValue(row.Id, out var stateVars) ? row with { StateVars = stateVars } : row
        );
    }

    private static WorkflowRecord Workflow(IStoredRow row, bool withVariables) =>
        new()
        {
            Id = row.Number(),
            ExternalId = row.Text(),
            WorkflowType = row.Text(),
            Version = row.Text(),
            BusinessKey = row.Text(),
            ExecutorGroup = row.Text(),
            Priority = row.SmallNumber(),
            Status = WorkflowStatusNames.Parse(row.Text()),
            State = row.Text(),
            Step = row.SmallNumber(),
            RetryCount = row.SmallNumber(),
            ExecutionCount = row.SmallNumber(),
            Lease = row.Number(),
            ExecutorId = row.OptionalNumber(),
            Revision = row.Number(),
            Created = row.Instant(),
            Modified = row.Instant(),
            NextActivation = row.OptionalInstant(),
            Started = row.OptionalInstant(),
            Finished = row.OptionalInstant(),
            ParentWorkflowId = row.OptionalNumber(),
            TraceParent = row.OptionalText(),
            OpenChildren = row.SmallNumber(),
            HasBegun = row.Flag(),
            IsCleaningUp = row.Flag(),
            AwaitsChildren = row.Flag(),
            Woken = row.Flag(),
            PauseRequested = row.Flag(),
            HeldActivation = row.OptionalInstant(),
            AwaitedSignals = SignalNames.Parse(row.OptionalText()),
            KeptSignals = SignalNames.Parse(row.OptionalText()),
            DeadlineState = row.OptionalText(),
            Permit = (Permit)row.SmallNumber(),
            LimitKey = row.Text(),
            LastError = row.OptionalText(),
            Output = row.OptionalText(),
            StateVars = withVariables ? row.Text() : Authoring.Variables.EmptyJson,
        };

    /// <summary>The columns of <see cref="Action"/>.</summary>
    public const string ActionColumns = """
        id, workflow_id, executor_id, date_time, kind, from_state, to_state, status, step, execution_count, retry_count,
        actor, due, duration, cause, text, error, details, changes
        """;

    public static ActionRecord Action(IStoredRow row)
    {
        var (id, workflowId, executorId, at) = (row.Number(), row.Number(), row.OptionalNumber(), row.Instant());
        return new ActionRecord(
            id,
            workflowId,
            executorId,
            at,
            new HistoryEntry
            {
                Kind = HistoryKindNames.Parse(row.Text()),
                From = row.OptionalText(),
                To = row.Text(),
                Status = WorkflowStatusNames.Parse(row.Text()),
                Step = row.SmallNumber(),
                ExecutionCount = row.SmallNumber(),
                RetryCount = row.SmallNumber(),
                ByExecutor = executorId is not null,
                Actor = row.OptionalText(),
                Due = row.OptionalInstant(),
                Duration = row.OptionalNumber() is { } duration ? TimeSpan.FromMicroseconds(duration) : null,
                Cause = row.OptionalText(),
                Text = row.OptionalText(),
                Error = HistoryJson.ErrorOf(row.OptionalText()),
                Details = HistoryJson.DetailsOf(row.OptionalText()),
                Changes = row.OptionalText(),
            }
        );
    }

    public static HistorySum HistorySum(IStoredRow row) =>
        new(
            HistoryKindNames.Parse(row.Text()),
            row.OptionalText(),
            row.Text(),
            row.Number(),
            row.Number(),
            row.Number(),
            row.Instant(),
            TimeSpan.FromMilliseconds(row.Number()),
            TimeSpan.FromMicroseconds(row.OptionalNumber() ?? 0)
        );

    public static TracedChange TracedChange(IStoredRow row) => new(row.Number(), row.Text());

    public static SignalRecord Signal(IStoredRow row) =>
        new(row.Number(), row.Text(), row.OptionalText(), row.Text(), row.Instant());

    public static SignalRecord TakenSignal(IStoredRow row) => Signal(row) with { Taken = row.Instant() };

    public static WorkflowCount Count(IStoredRow row) =>
        new(row.Text(), row.Text(), row.Text(), WorkflowStatusNames.Parse(row.Text()), row.Number());

    public static DefinitionRecord Definition(IStoredRow row) =>
        new(row.Text(), row.Text(), row.Text(), row.Text(), row.Text(), row.Instant(), row.Instant());

    public static ScriptRecord Script(IStoredRow row)
    {
        var name = row.Text();
        var current = row.OptionalText();
        var enabled = row.Flag();
        var refused = (Version: row.OptionalText(), Json: row.OptionalText(), At: row.OptionalInstant());
        return new ScriptRecord(
            name,
            current,
            enabled,
            refused is ({ } version, { } json, { } at) ? new ScriptDiagnostics(version, json, at) : null,
            row.Instant()
        );
    }

    public static ScriptVersionOutline ScriptVersionOutline(IStoredRow row) =>
        new(row.Text(), row.Text(), row.Text(), row.Instant());

    public static ScriptVersionRecord ScriptVersion(IStoredRow row) =>
        new(row.Text(), row.Text(), row.Text(), row.Text(), row.Text(), row.Text(), row.Instant());
}
