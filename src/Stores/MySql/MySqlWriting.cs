using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Changes the rows of workflows. Every row is guarded by its lease and revision: unless all are as they were planned from, the
/// batch fails and with it the transaction. The joins go by the array, so each row is looked up by its id. Texts of a caller are
/// LONGTEXT there, for JSON_TABLE cuts what is too long without a word; so it is the table that refuses it.
/// </summary>
internal static class MySqlWriting
{
    private const string Given = """
        id              BIGINT      PATH '$[0]',
        known_lease     BIGINT      PATH '$[1]',
        known_revision  BIGINT      PATH '$[2]'
        """;

    private const string GivenProgress = $"""
        {Given},
        version         LONGTEXT CHARACTER SET utf8mb4 PATH '$[3]',
        status          VARCHAR(20) PATH '$[4]',
        state           LONGTEXT CHARACTER SET utf8mb4 PATH '$[5]',
        step            INT         PATH '$[6]',
        retry_count     INT         PATH '$[7]',
        execution_count INT         PATH '$[8]',
        lease           BIGINT      PATH '$[9]',
        revision        BIGINT      PATH '$[10]',
        modified        BIGINT      PATH '$[11]',
        started         BIGINT      PATH '$[12]',
        open_children   INT         PATH '$[13]'
        """;

    private const string GivenEnd = $"""
        {GivenProgress},
        finished        BIGINT      PATH '$[14]',
        executor_group  LONGTEXT CHARACTER SET utf8mb4 PATH '$[15]',
        priority        INT         PATH '$[16]'
        """;

    private const string KnownRun = """
        STRAIGHT_JOIN workflow_run AS r FORCE INDEX (PRIMARY)
                   ON r.id = given.id
                  AND r.lease = given.known_lease
                  AND r.revision = given.known_revision
        """;

    private const string KnownResult = """
        STRAIGHT_JOIN workflow_result AS f FORCE INDEX (PRIMARY)
                   ON f.id = given.id
                  AND f.lease = given.known_lease
                  AND f.revision = given.known_revision
        """;

    internal const string UpdateRunning = $"""
               UPDATE JSON_TABLE(@rows, '$[*]' COLUMNS (
                          {GivenProgress},
                          executor_id     BIGINT PATH '$[14]',
                          next_activation BIGINT PATH '$[15]',
                          awaits_children INT    PATH '$[16]',
                          woken           INT    PATH '$[17]')) AS given
        {KnownRun}
                  SET r.version         = given.version,
                      r.status          = given.status,
                      r.state           = given.state,
                      r.step            = given.step,
                      r.retry_count     = given.retry_count,
                      r.execution_count = given.execution_count,
                      r.lease           = given.lease,
                      r.revision        = given.revision,
                      r.executor_id     = given.executor_id,
                      r.modified        = given.modified,
                      r.next_activation = given.next_activation,
                      r.started         = given.started,
                      r.open_children   = given.open_children,
                      r.awaits_children = given.awaits_children,
                      r.woken           = given.woken
        """;

    internal const string DeleteRunning = $"""
               DELETE r
                 FROM JSON_TABLE(@rows, '$[*]' COLUMNS ({Given})) AS given
        {KnownRun}
        """;

    private const string InsertFinal = $"""
        INSERT INTO workflow_result
               (id, version, executor_group, priority, status, state, step, retry_count, execution_count, lease, revision,
                modified, started, finished, open_children)
        SELECT id, version, executor_group, priority, status, state, step, retry_count, execution_count, lease, revision,
               modified, started, finished, open_children
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS ({GivenEnd})) AS given
        """;

    internal const string UpdateFinal = $"""
               UPDATE JSON_TABLE(@rows, '$[*]' COLUMNS ({GivenEnd})) AS given
        {KnownResult}
                  SET f.version         = given.version,
                      f.status          = given.status,
                      f.state           = given.state,
                      f.step            = given.step,
                      f.retry_count     = given.retry_count,
                      f.execution_count = given.execution_count,
                      f.lease           = given.lease,
                      f.revision        = given.revision,
                      f.modified        = given.modified,
                      f.started         = given.started,
                      f.finished        = given.finished,
                      f.open_children   = given.open_children
        """;

    internal const string DeleteFinal = $"""
               DELETE f
                 FROM JSON_TABLE(@rows, '$[*]' COLUMNS ({Given})) AS given
        {KnownResult}
        """;

    /// <summary>Adds the statements for all rows, the new ones included.</summary>
    public static void AddRows(this MySqlBatch batch, RowSet rows)
    {
        if (rows.Running is { Count: > 0 } running)
        {
            batch.Statement(UpdateRunning).WithRows(running, AddRunning);
            batch.ExpectChanged(running.Count);
        }

        if (rows.Ended is { Count: > 0 } ended)
        {
            batch.Statement(DeleteRunning).WithRows(ended, AddKnown);
            batch.ExpectChanged(ended.Count);
            batch.Statement(InsertFinal).WithRows(ended, AddEnd);
        }

        if (rows.StillFinal is { Count: > 0 } final)
        {
            batch.Statement(UpdateFinal).WithRows(final, AddEnd);
            batch.ExpectChanged(final.Count);
        }

        if (rows.Reopened is { Count: > 0 } reopened)
        {
            batch.Statement(DeleteFinal).WithRows(reopened, AddKnown);
            batch.ExpectChanged(reopened.Count);
        }

        batch.AddUnfinished(rows);
    }

    private static void AddKnown(Utf8JsonWriter json, RowChange change)
    {
        json.Add(change.Before.Id);
        json.Add(change.Before.Lease);
        json.Add(change.Before.Revision);
    }

    private static void AddProgress(Utf8JsonWriter json, RowChange change)
    {
        AddKnown(json, change);
        var row = change.After;
        json.Add(row.Version);
        json.Add(row.Status.ToName());
        json.Add(row.State);
        json.Add(row.Step);
        json.Add(row.RetryCount);
        json.Add(row.ExecutionCount);
        json.Add(row.Lease);
        json.Add(row.Revision);
        json.Add(row.Modified);
        json.Add(row.Started);
        json.Add(row.OpenChildren);
    }

    private static void AddRunning(Utf8JsonWriter json, RowChange change)
    {
        AddProgress(json, change);
        json.Add(change.After.ExecutorId);
        json.Add(change.After.NextActivation);
        json.Add(change.After.AwaitsChildren);
        json.Add(change.After.Woken);
    }

    private static void AddEnd(Utf8JsonWriter json, RowChange change)
    {
        AddProgress(json, change);
        json.Add(change.After.Finished);
        json.Add(change.After.ExecutorGroup);
        json.Add(change.After.Priority);
    }
}
