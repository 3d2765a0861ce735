using GopherFlow.Authoring;
using GopherFlow.Operations.Jobs;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Crash;

/// <summary>Starts jobs during the blows, and checks that each has ended and has changed each workflow once.</summary>
internal sealed class JobBook(IJobStore jobs, int seed)
{
    private const int MostJobs = 1_000;

    private readonly Random random = new(seed);
    private readonly Dictionary<long, int> entries = [];
    private readonly List<string> faults = [];
    private readonly List<string> cancelled = [];

    /// <summary>The number of requested jobs of each kind.</summary>
    public Dictionary<string, int> Kinds { get; } = [];

    /// <summary>Whether a requested job may have cancelled a workflow.</summary>
    public bool MayBeCancelled(WorkflowRecord workflow) =>
        workflow is { ParentWorkflowId: null, WorkflowType: Workload.Order or Workload.Parcel }
        && cancelled.Exists(prefix => workflow.BusinessKey.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Starts a random job, or sometimes cancels the newest one.</summary>
    public async Task InterfereAsync(CancellationToken stop)
    {
        var newest = await jobs.JobsAsync(new JobSearch(1), stop);
        if (newest is [{ Ended: null } open])
        {
            if (random.Next(4) == 0)
            {
                await jobs.CancelJobAsync(open.Id, DateTimeOffset.UtcNow, stop);
            }

            return;
        }

        var (operation, filter) = AnyJob();
        Kinds[operation.GetType().Name] = Kinds.GetValueOrDefault(operation.GetType().Name) + 1;
        await jobs.CreateJobAsync(
            new NewJob(
                JobJson.Write(operation),
                JobJson.Write(filter),
                "operator",
                "a test",
                AfterId: 0,
                await jobs.LastWorkflowIdAsync(stop),
                DateTimeOffset.UtcNow
            ),
            stop
        );
    }

    /// <summary>A random job. A cancel matches few workflows, and no children.</summary>
    private (JobOperation Operation, WorkflowFilter Filter) AnyJob()
    {
        var all = new WorkflowFilter { IdFrom = 1 };
        switch (random.Next(6))
        {
            case 0:
                cancelled.Add($"key-{random.Next(10, 100)}");
                return (
                    new JobOperation.Cancel(),
                    all with
                    {
                        WorkflowTypes = [Workload.Order, Workload.Parcel],
                        WithoutParent = true,
                        BusinessKeyPrefix = cancelled[^1],
                    }
                );
            case 1:
                return (new JobOperation.Pause(), all with { WorkflowTypes = [Workload.Parcel, Workload.Waker] });
            case 2:
            case 3:
                return (new JobOperation.Resume(), all);
            case 4:
                return (new JobOperation.Retry(), all with { Statuses = [WorkflowStatus.InProgress] });
            default:
                return (new JobOperation.Place(random.Next(1, 10)), all);
        }
    }

    /// <summary>Whether every job has ended.</summary>
    public async Task<bool> HaveEndedAsync(CancellationToken stop) =>
        (await jobs.JobsAsync(new JobSearch(MostJobs), stop)).All(job => job.Ended is not null);

    /// <summary>The number of jobs.</summary>
    public async Task<int> CountAsync(CancellationToken stop) =>
        (await jobs.JobsAsync(new JobSearch(MostJobs), stop)).Count;

    /// <summary>Records the entries of jobs in the history of a workflow.</summary>
    public void Enter(long workflowId, IReadOnlyList<ActionRecord> history)
    {
        foreach (var job in history.Select(JobOf).OfType<long>().GroupBy(job => job))
        {
            entries[job.Key] = entries.GetValueOrDefault(job.Key) + job.Count();
            if (job.Count() > 1)
            {
                faults.Add($"job {job.Key} has changed workflow {workflowId} {job.Count()} times");
            }
        }
    }

    /// <summary>Finds the violations, after every history was recorded.</summary>
    public async Task<IReadOnlyList<string>> FindFaultsAsync(CancellationToken stop) =>
        [.. faults, .. (await jobs.JobsAsync(new JobSearch(MostJobs), stop)).SelectMany(FaultsOf)];

    private IEnumerable<string> FaultsOf(JobRecord job)
    {
        if (job.Status is not (JobStatus.Done or JobStatus.Cancelled))
        {
            yield return $"a job has not ended: {job}";
        }

        // A pause of a workflow with a pending pause changes nothing, so its history has only one pause.
        var inHistory = entries.GetValueOrDefault(job.Id);
        var mayRecordLess = JobJson.Read<JobOperation>(job.Operation) is JobOperation.Pause;
        if (inHistory > job.Done || (inHistory < job.Done && !mayRecordLess))
        {
            yield return $"a job counts {job.Done} changed workflows, but {inHistory} histories have an entry: {job}";
        }

        if (
            job.Status == JobStatus.Done
            && (
                job.AfterId != job.UpToId
                || (job.Failed > 0 && JobJson.Read<JobOperation>(job.Operation) is JobOperation.Place)
            )
        )
        {
            yield return $"a job is done, but has skipped workflows: {job}";
        }
    }

    /// <summary>The job that wrote an entry, or null.</summary>
    private static long? JobOf(ActionRecord action) =>
        action.Entry.Actor?.Split(':') is ["job", var job] && long.TryParse(job, out var id) ? id : null;
}
