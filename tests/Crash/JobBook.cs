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

    /// <summary>Starts a job over all workflows, and now and then cancels the newest one.</summary>
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

        await jobs.CreateJobAsync(
            new NewJob(
                JobJson.Write<JobOperation>(new JobOperation.Place(random.Next(1, 10))),
                JobJson.Write(new WorkflowFilter { IdFrom = 1 }),
                "operator",
                "a test",
                AfterId: 0,
                await jobs.LastWorkflowIdAsync(stop),
                DateTimeOffset.UtcNow
            ),
            stop
        );
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

        if (entries.GetValueOrDefault(job.Id) != job.Done)
        {
            yield return $"a job says that it has changed {job.Done} workflows, and {entries.GetValueOrDefault(job.Id)} say so: {job}";
        }

        if (job.Status == JobStatus.Done && (job.AfterId != job.UpToId || job.Failed > 0))
        {
            yield return $"a job is done and has left workflows out: {job}";
        }
    }

    /// <summary>The job that an entry was written by, or null.</summary>
    private static long? JobOf(ActionRecord action) =>
        action.Entry.Actor?.Split(':') is ["job", var job] && long.TryParse(job, out var id) ? id : null;
}
