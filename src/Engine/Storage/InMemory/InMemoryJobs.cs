using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>Jobs in memory.</summary>
internal sealed class InMemoryJobs(InMemoryTables tables, Lock gate, IRowStore rows) : IJobStore
{
    private SortedDictionary<long, JobRecord> Jobs => tables.Jobs.All;

    public Task<long> LastWorkflowIdAsync(CancellationToken cancellation) =>
        gate.Locked(() => tables.Workflows.Keys.LastOrDefault());

    public Task<IReadOnlyList<FilteredWorkflow>> FilterAsync(FilterSearch search, CancellationToken cancellation) =>
        gate.Locked<IReadOnlyList<FilteredWorkflow>>(() =>
            [
                .. tables
                    .Workflows.Values.Where(row =>
                        row.Id > search.AfterId
                        && row.Id <= search.UpToId
                        && search.Filter.Matches(row, search.Filter.At(search.Now))
                    )
                    .Take(search.Limit)
                    .Select(row => new FilteredWorkflow(row.Id, row.WorkflowType, row.Version, row.State, row.Status)),
            ]
        );

    public Task<JobRecord> CreateJobAsync(NewJob job, CancellationToken cancellation) =>
        gate.Locked(() => tables.Jobs.Add(job));

    public Task<JobRecord?> FindJobAsync(long id, CancellationToken cancellation) =>
        gate.Locked(() => Jobs.GetValueOrDefault(id));

    public Task<IReadOnlyList<JobRecord>> JobsAsync(JobSearch search, CancellationToken cancellation) =>
        gate.Locked<IReadOnlyList<JobRecord>>(() =>
            [
                .. Jobs
                    .Values.Reverse()
                    .Where(job => search.BeforeId is null || job.Id < search.BeforeId)
                    .Take(search.Limit),
            ]
        );

    public Task<IReadOnlyList<JobFailure>> JobFailuresAsync(JobFailureSearch search, CancellationToken cancellation) =>
        gate.Locked<IReadOnlyList<JobFailure>>(() =>
            [
                .. tables
                    .Jobs.FailuresOf(search.JobId)
                    .Where(failure => failure.WorkflowId > search.AfterWorkflowId)
                    .OrderBy(failure => failure.WorkflowId)
                    .Take(search.Limit),
            ]
        );

    public Task<JobRecord?> ClaimJobAsync(JobClaim claim, CancellationToken cancellation) =>
        gate.Locked(() =>
            Jobs.Values.FirstOrDefault(job =>
                job.Ended is null && (job.LeaseUntil is null || job.LeaseUntil <= claim.Now)
            )
                is { } free
                ? Jobs[free.Id] = free with
                {
                    Status = JobStatus.Running,
                    Started = free.Started ?? claim.Now,
                    ExecutorId = claim.ExecutorId,
                    Lease = free.Lease + 1,
                    LeaseUntil = claim.LeaseUntil,
                }
                : null
        );

    public Task<bool> RenewJobAsync(
        JobKey key,
        DateTimeOffset leaseUntil,
        long? total,
        CancellationToken cancellation
    ) =>
        gate.Locked(() =>
            tables.Jobs.Change(key, job => job with { LeaseUntil = leaseUntil.AsStored(), Total = total ?? job.Total })
        );

    public Task<JobPageResult> WriteJobPageAsync(JobPage page, CancellationToken cancellation) =>
        new JobPageWriter(rows).WriteAsync(page, cancellation);

    public Task ReleaseJobAsync(JobKey key, CancellationToken cancellation) =>
        gate.Locked(() => tables.Jobs.Change(key, job => job with { ExecutorId = null, LeaseUntil = null }));

    public Task<bool> EndJobAsync(JobEnd end, CancellationToken cancellation) =>
        gate.Locked(() =>
            tables.Jobs.Change(
                end.Key,
                job =>
                    job with
                    {
                        Status = end.Status,
                        Ended = end.Now.AsStored(),
                        Error = end.Error,
                        LeaseUntil = null,
                    }
            )
        );

    public Task<bool> CancelJobAsync(long id, DateTimeOffset now, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            var at = now.AsStored();
            if (!Jobs.TryGetValue(id, out var job) || job.Ended is not null)
            {
                return false;
            }

            var marked = job with { CancelRequested = job.CancelRequested ?? at };
            Jobs[id] = job.Pending is null
                ? marked with
                {
                    Status = JobStatus.Cancelled,
                    Ended = at,
                    LeaseUntil = null,
                }
                : marked;
            return true;
        });

    public Task<bool> RemoveJobsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellation) =>
        gate.Locked(() =>
            Jobs.Values.FirstOrDefault(job => job.Ended < endedBefore) is { } old && tables.Jobs.Remove(old.Id)
        );
}

/// <summary>The jobs of the in-memory store. Callers hold the store's lock.</summary>
internal sealed class InMemoryJobTable
{
    private readonly Dictionary<long, List<JobFailure>> failures = [];
    private readonly Dictionary<long, long> tokens = [];
    private long lastId;

    /// <summary>Jobs by id.</summary>
    public SortedDictionary<long, JobRecord> All { get; } = [];

    public IReadOnlyList<JobFailure> FailuresOf(long jobId) => failures.GetValueOrDefault(jobId, []);

    /// <summary>Stores a new job. A job that is already stored stays as it is.</summary>
    public JobRecord Add(NewJob job)
    {
        var known = All.Keys.FirstOrDefault(id => tokens[id] == job.Token);
        if (known != 0)
        {
            return All[known];
        }

        tokens.Add(++lastId, job.Token);
        return All[lastId] = New(job, lastId);
    }

    private static JobRecord New(NewJob job, long id) =>
        new()
        {
            Id = id,
            Operation = job.Operation,
            Filter = job.Filter,
            Actor = job.Actor,
            Reason = job.Reason,
            Status = JobStatus.Queued,
            Created = job.Now.AsStored(),
            Started = null,
            Ended = null,
            CancelRequested = null,
            UpToId = job.UpToId,
            AfterId = job.AfterId,
            Pending = null,
            Total = null,
            Done = 0,
            Failed = 0,
            Skipped = 0,
            Descendants = 0,
            ExecutorId = null,
            Lease = 0,
            LeaseUntil = null,
            Error = null,
        };

    /// <summary>Whether a job is still held under a lease.</summary>
    public bool IsHeld(JobKey key) =>
        All.TryGetValue(key.JobId, out var job) && job.Lease == key.Lease && job.Ended is null;

    /// <summary>Changes a job if it is still held under a lease.</summary>
    public bool Change(JobKey key, Func<JobRecord, JobRecord> change)
    {
        if (!IsHeld(key))
        {
            return false;
        }

        All[key.JobId] = change(All[key.JobId]);
        return true;
    }

    /// <summary>Writes the progress of a job.</summary>
    public void Advance(JobProgress progress)
    {
        Change(
            progress.Key,
            job =>
                job with
                {
                    AfterId = progress.AfterId,
                    Pending = progress.Pending,
                    Done = job.Done + progress.Done,
                    Failed = job.Failed + progress.Failures.Count,
                    Skipped = job.Skipped + progress.Skipped,
                    Descendants = job.Descendants + progress.Descendants,
                    LeaseUntil = progress.LeaseUntil.AsStored(),
                }
        );
        if (!failures.TryGetValue(progress.Key.JobId, out var known))
        {
            failures.Add(progress.Key.JobId, known = []);
        }

        known.AddRange(progress.Failures);
    }

    /// <summary>Removes a job with its failures.</summary>
    public bool Remove(long id) => tokens.Remove(id) | failures.Remove(id) | All.Remove(id);
}
