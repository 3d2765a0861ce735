using System.Globalization;
using System.Text;
using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Inserts new workflows.</summary>
internal static class MySqlCreating
{
    /// <summary>
    /// The id of a row that has one, or that of a new workflow by its place (from 0) among those of the last insert. The server
    /// gives the rows of a statement that lists its values ids in a row, whatever innodb_autoinc_lock_mode says.
    /// </summary>
    public const string IdOfGiven = "coalesce(given.id, LAST_INSERT_ID() + given.place * @@auto_increment_increment)";

    private const string Columns = "external_id, workflow_type, business_key, parent_workflow_id, created, token";

    private const string NewIds = "SELECT LAST_INSERT_ID(), @@auto_increment_increment";

    private const string InsertRunning = $"""
        INSERT INTO workflow_run
               (id, workflow_type, version, executor_group, priority, status, state, step, retry_count, execution_count, lease,
                revision, executor_id, modified, next_activation, started, open_children, awaits_children, woken)
        SELECT {IdOfGiven},
               workflow_type, version, executor_group, priority, status, state, step, retry_count, execution_count, lease,
               revision, executor_id, modified, next_activation, started, open_children, awaits_children, woken
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   id              BIGINT      PATH '$[0]',
                   place           INT         PATH '$[1]',
                   workflow_type   LONGTEXT CHARACTER SET utf8mb4 PATH '$[2]',
                   version         LONGTEXT CHARACTER SET utf8mb4 PATH '$[3]',
                   executor_group  LONGTEXT CHARACTER SET utf8mb4 PATH '$[4]',
                   priority        INT         PATH '$[5]',
                   status          VARCHAR(20) PATH '$[6]',
                   state           LONGTEXT CHARACTER SET utf8mb4 PATH '$[7]',
                   step            INT         PATH '$[8]',
                   retry_count     INT         PATH '$[9]',
                   execution_count INT         PATH '$[10]',
                   lease           BIGINT      PATH '$[11]',
                   revision        BIGINT      PATH '$[12]',
                   executor_id     BIGINT      PATH '$[13]',
                   modified        BIGINT      PATH '$[14]',
                   next_activation BIGINT      PATH '$[15]',
                   started         BIGINT      PATH '$[16]',
                   open_children   INT         PATH '$[17]',
                   awaits_children INT         PATH '$[18]',
                   woken           INT         PATH '$[19]')) AS given
        """;

    /// <summary>
    /// Adds statements that give new workflows their ids and their external ids. The answer, which <see cref="AssignAsync"/> takes, is
    /// the first id and how far the next one is.
    /// </summary>
    public static void AddIdentities(this MySqlBatch batch, IReadOnlyList<NewRow> creates)
    {
        var insert = batch.Statement("");
        var sql = new StringBuilder($"INSERT INTO workflow ({Columns}) VALUES");
        for (var place = 0; place < creates.Count; place++)
        {
            var create = creates[place];
            var number = place.ToString(CultureInfo.InvariantCulture);
            sql.Append(place == 0 ? "" : ",").Append($" (@e{number}, @t{number}, @b{number}, ");
            sql.Append(
                CultureInfo.InvariantCulture,
                $"{create.Row.ParentWorkflowId?.ToString(CultureInfo.InvariantCulture) ?? "NULL"}, "
            );
            sql.Append(CultureInfo.InvariantCulture, $"{MySqlRow.Microseconds(create.Row.Created)}, {create.Token})");
            insert
                .With($"@e{number}", create.Row.ExternalId)
                .With($"@t{number}", create.Row.WorkflowType)
                .With($"@b{number}", create.Row.BusinessKey);
        }

        insert.CommandText = sql.ToString();
        batch.Statement(NewIds);
    }

    /// <summary>Gives new workflows the ids that the database has given them.</summary>
    public static async Task AssignAsync(
        this IReadOnlyList<NewRow> creates,
        MySqlDataReader reader,
        CancellationToken cancellation
    )
    {
        var (first, increment) = (await reader.ReadAllAsync(row => (row.Number(), row.Number()), cancellation))[0];
        for (var place = 0; place < creates.Count; place++)
        {
            creates[place].Assign(first + (place * increment));
        }
    }

    /// <summary>Adds a statement for what is unfinished and was not: new workflows, and those that were final.</summary>
    public static void AddUnfinished(this MySqlBatch batch, RowSet rows)
    {
        (WorkflowRecord Row, long? Id, long? Place)[] unfinished =
        [
            .. rows.Creates.Select((create, place) => (create.Row, (long?)null, (long?)place)),
            .. rows
                .Inserted.Concat(rows.Reopened.Select(change => change.After))
                .Select(row => (row, (long?)row.Id, (long?)null)),
        ];
        if (unfinished.Length > 0)
        {
            batch.Statement(InsertRunning).WithRows(unfinished, Add);
        }
    }

    private static void Add(Utf8JsonWriter json, (WorkflowRecord Row, long? Id, long? Place) given)
    {
        var row = given.Row;
        json.Add(given.Id);
        json.Add(given.Place);
        json.Add(row.WorkflowType);
        json.Add(row.Version);
        json.Add(row.ExecutorGroup);
        json.Add(row.Priority);
        json.Add(row.Status.ToName());
        json.Add(row.State);
        json.Add(row.Step);
        json.Add(row.RetryCount);
        json.Add(row.ExecutionCount);
        json.Add(row.Lease);
        json.Add(row.Revision);
        json.Add(row.ExecutorId);
        json.Add(row.Modified);
        json.Add(row.NextActivation);
        json.Add(row.Started);
        json.Add(row.OpenChildren);
        json.Add(row.AwaitsChildren);
        json.Add(row.Woken);
    }
}
