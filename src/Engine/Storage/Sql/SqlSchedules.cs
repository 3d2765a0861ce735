using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>Schedules. Their runs are created in one transaction with the rows of their workflows.</summary>
/// <param name="database">The connections.</param>
/// <param name="rows">The rows of workflows, on the same connections.</param>
/// <param name="runsCreated">Called with the runs that were created.</param>
internal sealed class SqlSchedules(
    ISqlDatabase database,
    IRowStore rows,
    Action<IReadOnlyList<WorkflowChange>, DateTimeOffset> runsCreated
) : IScheduleStore
{
    private const string Columns = """
        name, workflow_type, cron, every_seconds, time_zone, state_vars, business_key, executor_group, priority, overlap, catch_up,
        catch_up_limit, is_paused, declared, created_by, created, changed_by, changed, revision, next_due, last_due,
        last_workflow_id, queued, open_runs, created_count, skipped_by_overlap, skipped_by_catch_up, last_skipped,
        last_skip_reason
        """;

    private const string Insert = $"""
        INSERT INTO schedules ({Columns})
        VALUES (@name, @workflow_type, @cron, @every, @time_zone, @state_vars, @business_key, @executor_group, @priority,
                @overlap, @catch_up, @catch_up_limit, @is_paused, @declared, @created_by, @created, @changed_by, @changed,
                @revision, @next_due, @last_due, @last_workflow_id, @queued, @open_runs, @created_count,
                @skipped_by_overlap, @skipped_by_catch_up, @last_skipped, @last_skip_reason)
        """;

    private const string Take = """
        UPDATE schedules
           SET revision = revision + 1
         WHERE name = @name
           AND revision = @revision
        """;

    private const string Change = """
        UPDATE schedules
           SET workflow_type       = @workflow_type,
               cron                = @cron,
               every_seconds       = @every,
               time_zone           = @time_zone,
               state_vars          = @state_vars,
               business_key        = @business_key,
               executor_group      = @executor_group,
               priority            = @priority,
               overlap             = @overlap,
               catch_up            = @catch_up,
               catch_up_limit      = @catch_up_limit,
               is_paused           = @is_paused,
               declared            = @declared,
               created_by          = @created_by,
               created             = @created,
               changed_by          = @changed_by,
               changed             = @changed,
               revision            = @revision,
               next_due            = @next_due,
               last_due            = @last_due,
               last_workflow_id    = @last_workflow_id,
               queued              = @queued,
               open_runs           = @open_runs,
               created_count       = @created_count,
               skipped_by_overlap  = @skipped_by_overlap,
               skipped_by_catch_up = @skipped_by_catch_up,
               last_skipped        = @last_skipped,
               last_skip_reason    = @last_skip_reason
         WHERE name = @name
        """;

    private const string Remove = """
        DELETE FROM schedules
         WHERE name = @name
        """;

    private const string ByName = $"""
        SELECT {Columns}
          FROM schedules
         WHERE name = @name
        """;

    private const string All = $"""
          SELECT {Columns}
            FROM schedules
           WHERE name > @after
        ORDER BY name
           LIMIT @limit
        """;

    private const string Due = $"""
          SELECT {Columns}
            FROM schedules
           WHERE name > @after
             AND is_paused = FALSE
             AND (next_due <= @now OR queued IS NOT NULL)
        ORDER BY name
           LIMIT @limit
        """;

    private const string NextDue = """
        SELECT min(next_due)
          FROM schedules
         WHERE is_paused = FALSE
           AND next_due > @after
        """;

    private const string Unfinished = """
        SELECT id
          FROM workflow_run
         WHERE id = @id
        """;

    private readonly string runs = $"""
           SELECT {SqlColumns.Any}
             FROM workflow AS w
        {SqlColumns.JoinProgress(database.Dialect)}
            WHERE w.external_id >= {database.Dialect.Identifier("@from")}
              AND w.external_id < {database.Dialect.Identifier("@before")}
         ORDER BY w.external_id DESC
            LIMIT @limit
        """;

    public Task<ScheduleRecord?> FindScheduleAsync(string name, CancellationToken cancellation) =>
        database.FindAsync(ByName, ScheduleRows.Schedule, cancellation, ("@name", name));

    public Task<IReadOnlyList<ScheduleRecord>> SchedulesAsync(ScheduleSearch search, CancellationToken cancellation) =>
        database.AllAsync(
            All,
            ScheduleRows.Schedule,
            cancellation,
            ("@after", search.AfterName ?? ""),
            ("@limit", search.Limit)
        );

    public Task<bool> CreateScheduleAsync(ScheduleRecord schedule, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
                await session.FindAsync(ByName, ScheduleRows.Schedule, cancellation, ("@name", schedule.Name)) is null
                && await session.RunAsync(Insert, cancellation, ScheduleRows.Values(schedule)) == 1,
            cancellation
        );

    public Task<bool> DeleteScheduleAsync(string name, CancellationToken cancellation) =>
        database.WriteAsync(
            async session => await session.RunAsync(Remove, cancellation, ("@name", name)) == 1,
            cancellation
        );

    public Task<IReadOnlyList<ScheduleRecord>> DueSchedulesAsync(
        DateTimeOffset now,
        ScheduleSearch search,
        CancellationToken cancellation
    ) =>
        database.AllAsync(
            Due,
            ScheduleRows.Schedule,
            cancellation,
            ("@now", now),
            ("@after", search.AfterName ?? ""),
            ("@limit", search.Limit)
        );

    public Task<DateTimeOffset?> NextScheduleDueAsync(DateTimeOffset after, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
                (await session.ReadAsync(NextDue, row => row.OptionalInstant(), cancellation, ("@after", after)))[0],
            cancellation
        );

    public Task<IReadOnlyList<long>> UnfinishedRunsAsync(
        IReadOnlyList<long> workflowIds,
        CancellationToken cancellation
    ) =>
        workflowIds.Count == 0
            ? Task.FromResult<IReadOnlyList<long>>([])
            : database.ReadAsync<IReadOnlyList<long>>(
                async session =>
                {
                    var unfinished = new List<long>();
                    foreach (var id in workflowIds)
                    {
                        unfinished.AddRange(
                            await session.ReadAsync(Unfinished, row => row.Number(), cancellation, ("@id", id))
                        );
                    }

                    return unfinished;
                },
                cancellation
            );

    public async Task<ScheduleWriteResult> WriteScheduleAsync(ScheduleWrite write, CancellationToken cancellation)
    {
        var result = await new ScheduleWriter(rows).WriteAsync(write, cancellation);
        runsCreated(result.Changes, write.Now);
        return result;
    }

    public Task<IReadOnlyList<WorkflowRecord>> ScheduleRunsAsync(
        ScheduleRunSearch search,
        CancellationToken cancellation
    ) =>
        database.AllAsync(
            runs,
            StoredRows.WithoutVariables,
            cancellation,
            ("@from", search.Prefix),
            ("@before", search.End),
            ("@limit", search.Limit)
        );

    /// <summary>Locks a schedule if it has the expected revision, in the transaction of its turn.</summary>
    public static async Task<bool> TakeAsync(
        SqlSession session,
        string name,
        long revision,
        CancellationToken cancellation
    ) => await session.RunAsync(Take, cancellation, ("@name", name), ("@revision", revision)) == 1;

    /// <summary>Writes a schedule that is locked.</summary>
    public static Task ChangeAsync(SqlSession session, ScheduleRecord schedule, CancellationToken cancellation) =>
        session.RunAsync(Change, cancellation, ScheduleRows.Values(schedule));
}
