using GopherFlow.Authoring;
using GopherFlow.Operations.Jobs;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Crash;

/// <summary>Jobs that are started while blows fall, and what must have become of them: each is at its end, and has changed each workflow once.</summary>
internal sealed class JobBook(IJobStore jobs, int seed)
{
    private const int MostJobs = 1_000;

    private readonly Random random = new(seed);
    private readonly Dictionary<long, int> entries = [];
    private readonly List<string> faults = [];
    private readonly List<string> cancelled = [];

    /// <summary>How many jobs there were of each kind, in the order in which they were asked for.</summary>
    public Dictionary<string, int> Kinds { get; } = [];

    /// <summary>Whether a job may have cancelled a workflow: one was asked for that means it.</summary>
    public bool MayBeCancelled(WorkflowRecord workflow) =>
        workflow is { ParentWorkflowId: null, WorkflowType: Workload.Order or Workload.Parcel }
        && cancelled.Exists(prefix => workflow.BusinessKey.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Starts a job of any kind, and now and then cancels the newest one.</summary>
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

    /// <summary>A cancel means few, and none that a family counts on.</summary>
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

    /// <summary>Whether every job is at its end.</summary>
    public async Task<bool> HaveEndedAsync(CancellationToken stop) =>
        (await jobs.JobsAsync(new JobSearch(MostJobs), stop)).All(job => job.Ended is not null);

    /// <summary>How many jobs there were.</summary>
    public async Task<int> CountAsync(CancellationToken stop) =>
        (await jobs.JobsAsync(new JobSearch(MostJobs), stop)).Count;

    /// <summary>Enters what the history of a workflow tells of jobs.</summary>
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

    /// <summary>What is not as it must be, once every history is entered.</summary>
    public async Task<IReadOnlyList<string>> FindFaultsAsync(CancellationToken stop) =>
        [.. faults, .. (await jobs.JobsAsync(new JobSearch(MostJobs), stop)).SelectMany(FaultsOf)];

    private IEnumerable<string> FaultsOf(JobRecord job)
    {
        if (job.Status is not (JobStatus.Done or JobStatus.Cancelled))
        {
            yield return $"a job has not come to its end: {job}";
        }

        // A pause of one that is about to be paused changes nothing more, and its history tells of one pause.
        var told = entries.GetValueOrDefault(job.Id);
        var mayTellLess = JobJson.Read<JobOperation>(job.Operation) is JobOperation.Pause;
        if (told > job.Done || (told < job.Done && !mayTellLess))
        {
            yield return $"a job says that it has changed {job.Done} workflows, and {told} say so: {job}";
        }

        if (
            job.Status == JobStatus.Done
            && (
                job.AfterId != job.UpToId
                || (job.Failed > 0 && JobJson.Read<JobOperation>(job.Operation) is JobOperation.Place)
            )
        )
        {
            yield return $"a job is done and has left workflows out: {job}";
        }
    }

    /// <summary>The job that an entry was written by, or null.</summary>
    private static long? JobOf(ActionRecord action) =>
        action.Entry.Actor?.Split(':') is ["job", var job] && long.TryParse(job, out var id) ? id : null;
}
