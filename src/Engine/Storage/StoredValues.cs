using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>A statement, or a row of one, that takes its values in the order of its columns.</summary>
internal interface IValues<TSelf>
    where TSelf : IValues<TSelf>
{
    TSelf With(long value);

    TSelf With(long? value);

    TSelf With(int value);

    TSelf With(bool value);

    TSelf With(string? value);

    TSelf With(DateTimeOffset value);

    TSelf With(DateTimeOffset? value);
}

/// <summary>
/// Passes the values of records to statements; the counterpart of <see cref="StoredRows"/>. The columns of each method are listed here.
/// </summary>
internal static class StoredValues
{
    /// <summary>The columns of <see cref="WithIdentity"/>.</summary>
    public const string Identity =
        "external_id, workflow_type, business_key, parent_workflow_id, trace_parent, created, token";

    /// <summary>The columns of <see cref="WithCourse"/>, the only ones that a step changes if the workflow waits for nothing.</summary>
    public const string Course =
        "state, step, retry_count, execution_count, lease, revision, modified, started, open_children, begun, last_error";

    /// <summary>The columns of <see cref="WithProgress"/>, which are in no index.</summary>
    public const string Progress =
        $"{Course}, cleaning_up, awaits_children, woken, pause_requested, held_activation, awaited_signals, kept_signals, "
        + "deadline_state";

    /// <summary>The columns of <see cref="WithStanding"/>.</summary>
    public const string Standing =
        "status, version, executor_id, next_activation, permit, executor_group, priority, limit_key";

    /// <summary>The columns of <see cref="WithResult"/>.</summary>
    public const string Result =
        $"{Course}, cleaning_up, status, version, finished, output, awaited_signals, kept_signals";

    /// <summary>The columns of <see cref="WithPlace"/>.</summary>
    public const string Place = "executor_group, priority, limit_key";

    /// <summary>The id of a workflow, and the columns of <see cref="WithAction"/>.</summary>
    public const string Action =
        "workflow_id, executor_id, kind, from_state, to_state, status, step, execution_count, retry_count, actor, due, "
        + "duration, cause, text, error, details, changes, date_time";

    /// <summary>The id of a workflow, and the columns of <see cref="WithPlainAction"/>.</summary>
    public const string PlainAction =
        "workflow_id, executor_id, kind, from_state, to_state, status, step, execution_count, retry_count, duration, date_time";

    /// <summary>The columns of <see cref="WithAudit"/>.</summary>
    public const string Audit =
        "actor, user_id, api_key_id, address, action, outcome, before_json, after_json, request_id";

    /// <summary>The identity of a new workflow.</summary>
    public static T WithIdentity<T>(this T to, NewRow create)
        where T : IValues<T> =>
        to.With(create.Row.ExternalId)
            .With(create.Row.WorkflowType)
            .With(create.Row.BusinessKey)
            .With(create.Row.ParentWorkflowId)
            .With(create.Row.TraceParent)
            .With(create.Row.Created)
            .With(create.Token);

    /// <summary>The values that a row must still have: its id, lease and revision.</summary>
    public static T WithGuard<T>(this T to, WorkflowRecord before)
        where T : IValues<T> => to.With(before.Id).With(before.Lease).With(before.Revision);

    /// <summary>The progress of an unfinished workflow.</summary>
    public static T WithProgress<T>(this T to, WorkflowRecord row)
        where T : IValues<T> =>
        to.WithCourse(row)
            .With(row.IsCleaningUp)
            .With(row.AwaitsChildren)
            .With(row.Woken)
            .With(row.PauseRequested)
            .With(row.HeldActivation)
            .With(row.AwaitedSignals?.ToString())
            .With(row.KeptSignals?.ToString())
            .With(row.DeadlineState);

    /// <summary>The values by which an unfinished workflow is found.</summary>
    public static T WithStanding<T>(this T to, WorkflowRecord row)
        where T : IValues<T> =>
        to.With(row.Status.ToName())
            .With(row.Version)
            .With(row.ExecutorId)
            .With(row.NextActivation)
            .With((int)row.Permit)
            .WithPlace(row);

    /// <summary>How a workflow ended.</summary>
    public static T WithResult<T>(this T to, WorkflowRecord row)
        where T : IValues<T> =>
        to.WithCourse(row)
            .With(row.IsCleaningUp)
            .With(row.Status.ToName())
            .With(row.Version)
            .With(row.Finished)
            .With(row.Output)
            .With(row.AwaitedSignals?.ToString())
            .With(row.KeptSignals?.ToString());

    /// <summary>The executor group, the priority, and the key under which limits count it.</summary>
    public static T WithPlace<T>(this T to, WorkflowRecord row)
        where T : IValues<T> => to.With(row.ExecutorGroup).With(row.Priority).With(row.LimitKey);

    /// <summary>An entry of the history.</summary>
    public static T WithAction<T>(this T to, HistoryEntry entry, RowSet rows)
        where T : IValues<T> =>
        to.With(rows.AuthorOf(entry))
            .With(entry.Kind.ToName())
            .With(entry.From)
            .With(entry.To)
            .With(entry.Status.ToName())
            .With(entry.Step)
            .With(entry.ExecutionCount)
            .With(entry.RetryCount)
            .With(entry.Actor)
            .With(entry.Due)
            .With(entry.Duration is { } duration ? (long?)duration.TotalMicroseconds : null)
            .With(entry.Cause)
            .With(entry.Text)
            .With(HistoryJson.Of(entry.Error))
            .With(HistoryJson.Of(entry.Details))
            .With(entry.Changes)
            .With(rows.Now);

    /// <summary>An entry of the history that only records a step.</summary>
    public static T WithPlainAction<T>(this T to, HistoryEntry entry, RowSet rows)
        where T : IValues<T> =>
        to.With(rows.AuthorOf(entry))
            .With(entry.Kind.ToName())
            .With(entry.From)
            .With(entry.To)
            .With(entry.Status.ToName())
            .With(entry.Step)
            .With(entry.ExecutionCount)
            .With(entry.RetryCount)
            .With(entry.Duration is { } duration ? (long?)duration.TotalMicroseconds : null)
            .With(rows.Now);

    /// <summary>An entry of the audit log without its instant and target, or the same number of NULLs.</summary>
    public static T WithAudit<T>(this T to, AuditEntry? entry)
        where T : IValues<T> =>
        to.With(entry?.Actor)
            .With(entry?.UserId)
            .With(entry?.ApiKeyId)
            .With(entry?.Address)
            .With(entry?.Action)
            .With(entry?.Outcome.ToName())
            .With(entry?.Before)
            .With(entry?.After)
            .With(entry?.RequestId);

    /// <summary>The key of a count.</summary>
    public static T WithCount<T>(this T to, CountKey key)
        where T : IValues<T> => to.With(key.WorkflowType).With(key.Version).With(key.State).With(key.Status.ToName());

    /// <summary>The progress of a workflow, without what it waits for.</summary>
    public static T WithCourse<T>(this T to, WorkflowRecord row)
        where T : IValues<T> =>
        to.With(row.State)
            .With(row.Step)
            .With(row.RetryCount)
            .With(row.ExecutionCount)
            .With(row.Lease)
            .With(row.Revision)
            .With(row.Modified)
            .With(row.Started)
            .With(row.OpenChildren)
            .With(row.HasBegun)
            .With(row.LastError);
}
