namespace GopherFlow.Storage.Sql;

/// <summary>Jobs and their failures. The pages of a job are written in one transaction with the rows of their workflows.</summary>
/// <param name="database">The connections.</param>
/// <param name="rows">The rows of workflows, on the same connections.</param>
/// <param name="pageWritten">Called with the result of each page, and the time of its commit.</param>
internal sealed class SqlJobs(ISqlDatabase database, IRowStore rows, Action<JobPageResult, DateTimeOffset> pageWritten)
    : IJobStore
{
    private const string Columns = """
        id, operation, filter, actor, reason, status, created, started, ended, cancel_requested, up_to_id, after_id, pending,
        total, done, failed, skipped, descendants, executor_id, lease, lease_until, error
        """;

    private const string ById = $"""
        SELECT {Columns}
          FROM jobs
         WHERE id = @id
        """;

    private const string ByToken = $"""
        SELECT {Columns}
          FROM jobs
         WHERE token = @token
        """;

    private const string Newest = $"""
          SELECT {Columns}
            FROM jobs
           WHERE id < @before
        ORDER BY id DESC
           LIMIT @limit
        """;

    private const string FailuresOf = """
          SELECT workflow_id, reason
            FROM job_failures
           WHERE job_id = @job
             AND workflow_id > @after
        ORDER BY workflow_id
           LIMIT @limit
        """;

    private const string LastWorkflow = "SELECT coalesce(max(id), 0) FROM workflow";

    private const string Free = """
          SELECT id, lease
            FROM jobs
           WHERE ended IS NULL
             AND (lease_until IS NULL OR lease_until <= @now)
        ORDER BY id
           LIMIT 1
        """;

    private const string Take = """
        UPDATE jobs
           SET status      = 'RUNNING',
               started     = coalesce(started, @now),
               executor_id = @executor,
               lease       = lease + 1,
               lease_until = @until
         WHERE id = @id
           AND lease = @lease
           AND ended IS NULL
        """;

    private const string Renew = """
        UPDATE jobs
           SET lease_until = @until,
               total       = coalesce(@total, total)
         WHERE id = @id
           AND lease = @lease
           AND ended IS NULL
        """;

    private const string Release = """
        UPDATE jobs
           SET executor_id = NULL,
               lease_until = NULL
         WHERE id = @id
           AND lease = @lease
           AND ended IS NULL
        """;

    private const string End = """
        UPDATE jobs
           SET status      = @status,
               ended       = @now,
               error       = @error,
               lease_until = NULL
         WHERE id = @id
           AND lease = @lease
           AND ended IS NULL
        """;

    private const string MarkCancelled = """
        UPDATE jobs
           SET cancel_requested = coalesce(cancel_requested, @now)
         WHERE id = @id
           AND ended IS NULL
        """;

    private const string EndCancelled = """
        UPDATE jobs
           SET status      = 'CANCELLED',
               ended       = @now,
               lease_until = NULL
         WHERE id = @id
           AND ended IS NULL
           AND pending IS NULL
        """;

    private const string Advance = """
        UPDATE jobs
           SET after_id    = @after,
               pending     = @pending,
               done        = done + @done,
               failed      = failed + @failed,
               skipped     = skipped + @skipped,
               descendants = descendants + @descendants,
               lease_until = @until
         WHERE id = @id
           AND lease = @lease
           AND ended IS NULL
        """;

    private const string InsertFailure = """
        INSERT INTO job_failures (job_id, workflow_id, reason)
        VALUES (@job, @workflow, @reason)
        """;

    private const string Old = """
          SELECT id
            FROM jobs
           WHERE ended < @before
        ORDER BY ended
           LIMIT 1
        """;

    private const string RemoveFailures = """
        DELETE FROM job_failures
         WHERE job_id = @job
           AND workflow_id <= @last
        """;

    private const string Remove = """
        DELETE FROM jobs
         WHERE id = @job
        """;

    private readonly string insert = $"""
        INSERT {database.Dialect.OrIgnore}
          INTO jobs (token, operation, filter, actor, reason, status, created, up_to_id, after_id)
        VALUES (@token, @operation, @filter, @actor, @reason, 'QUEUED', @now, @up_to, @after)
        {database.Dialect.OnConflictIgnore}
        """;

    public Task<long> LastWorkflowIdAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (await session.ReadAsync(LastWorkflow, row => row.Number(), cancellation))[0],
            cancellation
        );

    public Task<IReadOnlyList<FilteredWorkflow>> FilterAsync(FilterSearch search, CancellationToken cancellation)
    {
        search.Filter.At(search.Now);
        if (search.Filter.Narrowed() is not { } narrowed)
        {
            return Task.FromResult<IReadOnlyList<FilteredWorkflow>>([]);
        }

        var page = new SqlFilter(database.Dialect, search, narrowed);
        return database.AllAsync(page.Sql, JobRows.Filtered, cancellation, page.Values);
    }

    public Task<JobRecord> CreateJobAsync(NewJob job, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.RunAsync(
                    insert,
                    cancellation,
                    ("@token", job.Token),
                    ("@operation", job.Operation),
                    ("@filter", job.Filter),
                    ("@actor", job.Actor),
                    ("@reason", job.Reason),
                    ("@now", job.Now),
                    ("@up_to", job.UpToId),
                    ("@after", job.AfterId)
                );
                return (await session.FindAsync(ByToken, JobRows.Job, cancellation, ("@token", job.Token)))!;
            },
            cancellation
        );

    public Task<JobRecord?> FindJobAsync(long id, CancellationToken cancellation) =>
        database.FindAsync(ById, JobRows.Job, cancellation, ("@id", id));

    public Task<IReadOnlyList<JobRecord>> JobsAsync(JobSearch search, CancellationToken cancellation) =>
        database.AllAsync(
            Newest,
            JobRows.Job,
            cancellation,
            ("@before", search.BeforeId ?? long.MaxValue),
            ("@limit", search.Limit)
        );

    public Task<IReadOnlyList<JobFailure>> JobFailuresAsync(JobFailureSearch search, CancellationToken cancellation) =>
        database.AllAsync(
            FailuresOf,
            JobRows.Failure,
            cancellation,
            ("@job", search.JobId),
            ("@after", search.AfterWorkflowId),
            ("@limit", search.Limit)
        );

    /// <summary>Finds a free job before anything is locked. If another executor takes it first, tries the next one.</summary>
    public async Task<JobRecord?> ClaimJobAsync(JobClaim claim, CancellationToken cancellation)
    {
        while (
            await database.AllAsync(
                Free,
                row => new JobKey(row.Number(), row.Number()),
                cancellation,
                ("@now", claim.Now)
            )
                is [var free]
        )
        {
            if (await TryTakeAsync(free, claim, cancellation) is { } taken)
            {
                return taken;
            }
        }

        return null;
    }

    public Task<bool> RenewJobAsync(
        JobKey key,
        DateTimeOffset leaseUntil,
        long? total,
        CancellationToken cancellation
    ) => ChangeAsync(Renew, key, cancellation, ("@until", leaseUntil), ("@total", total));

    public async Task<JobPageResult> WriteJobPageAsync(JobPage page, CancellationToken cancellation)
    {
        var result = await new JobPageWriter(rows).WriteAsync(page, cancellation);
        pageWritten(result, page.Now);
        return result;
    }

    public Task ReleaseJobAsync(JobKey key, CancellationToken cancellation) => ChangeAsync(Release, key, cancellation);

    public Task<bool> EndJobAsync(JobEnd end, CancellationToken cancellation) =>
        ChangeAsync(
            End,
            end.Key,
            cancellation,
            ("@status", end.Status.ToName()),
            ("@now", end.Now),
            ("@error", end.Error)
        );

    public Task<bool> CancelJobAsync(long id, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
                await session.RunAsync(MarkCancelled, cancellation, ("@id", id), ("@now", now)) == 1
                && await session.RunAsync(EndCancelled, cancellation, ("@id", id), ("@now", now)) >= 0,
            cancellation
        );

    /// <summary>A job may have very many failures, so they are deleted in portions, and the job with the last portion.</summary>
    public Task<bool> RemoveJobsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (
                    await session.ReadAsync(Old, row => row.Number(), cancellation, ("@before", endedBefore))
                    is not [var id]
                )
                {
                    return false;
                }

                var failures = await session.ReadAsync(
                    FailuresOf,
                    JobRows.Failure,
                    cancellation,
                    ("@job", id),
                    ("@after", 0L),
                    ("@limit", limit)
                );
                if (failures.Count > 0)
                {
                    await session.RunAsync(
                        RemoveFailures,
                        cancellation,
                        ("@job", id),
                        ("@last", failures[^1].WorkflowId)
                    );
                }

                if (failures.Count < limit)
                {
                    await session.RunAsync(Remove, cancellation, ("@job", id));
                }

                return true;
            },
            cancellation
        );

    /// <summary>Writes the progress of a job, in the transaction of its page.</summary>
    /// <returns>False if it has ended or another executor holds it.</returns>
    public static async Task<bool> AdvanceAsync(
        SqlSession session,
        JobProgress progress,
        CancellationToken cancellation
    )
    {
        var isHeld =
            await session.RunAsync(
                Advance,
                cancellation,
                ("@id", progress.Key.JobId),
                ("@lease", progress.Key.Lease),
                ("@after", progress.AfterId),
                ("@pending", progress.Pending),
                ("@done", progress.Done),
                ("@failed", (long)progress.Failures.Count),
                ("@skipped", progress.Skipped),
                ("@descendants", progress.Descendants),
                ("@until", progress.LeaseUntil)
            ) == 1;
        foreach (var failure in isHeld ? progress.Failures : [])
        {
            await session.RunAsync(
                InsertFailure,
                cancellation,
                ("@job", progress.Key.JobId),
                ("@workflow", failure.WorkflowId),
                ("@reason", failure.Reason)
            );
        }

        return isHeld;
    }

    private Task<JobRecord?> TryTakeAsync(JobKey free, JobClaim claim, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
                await session.RunAsync(
                    Take,
                    cancellation,
                    ("@id", free.JobId),
                    ("@lease", free.Lease),
                    ("@executor", claim.ExecutorId),
                    ("@now", claim.Now),
                    ("@until", claim.LeaseUntil)
                ) == 1
                    ? await session.FindAsync(ById, JobRows.Job, cancellation, ("@id", free.JobId))
                    : null,
            cancellation
        );

    private Task<bool> ChangeAsync(
        string update,
        JobKey key,
        CancellationToken cancellation,
        params (string Name, object? Value)[] values
    ) =>
        database.WriteAsync(
            async session =>
                await session.RunAsync(update, cancellation, [("@id", key.JobId), ("@lease", key.Lease), .. values])
                == 1,
            cancellation
        );
}
