using GopherFlow.Operations.Jobs;
using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>
/// Watches every written page of the jobs: a job processes each workflow once and skips none, and its counts match what it has done.
/// </summary>
internal sealed class JobWatch(SimulatedWorld world, InMemoryStore rows, Witness witness, EffectWatch course)
{
    private readonly HashSet<(long Job, long Workflow)> turns = [];
    private readonly Dictionary<long, int> changed = [];

    /// <summary>Wraps the jobs so that they are watched.</summary>
    public IJobStore Beside(IJobStore jobs) => new WatchedJobs(jobs, this);

    /// <summary>The violations at the end of the run.</summary>
    public async Task<IReadOnlyList<string>> BrokenAsync()
    {
        var broken = new List<string>();
        foreach (var job in await rows.Jobs.JobsAsync(new JobSearch(int.MaxValue), CancellationToken.None))
        {
            if (job.Status is not (JobStatus.Done or JobStatus.Cancelled))
            {
                broken.Add($"job {job.Id} has not ended: {job.Status} at {job.AfterId} of {job.UpToId}, {job.Error}");
            }

            if (job.Done != changed.GetValueOrDefault(job.Id))
            {
                broken.Add(
                    $"job {job.Id} counts {job.Done} changed workflows, but has changed {changed.GetValueOrDefault(job.Id)}"
                );
            }

            var had = turns.Count(turn => turn.Job == job.Id);
            if (job.Done + job.Skipped + job.Failed != had)
            {
                broken.Add(
                    $"job {job.Id} counts {job.Done + job.Skipped + job.Failed} workflows, but has processed {had}"
                );
            }
        }

        return broken;
    }

    private async Task<JobPageResult> WriteAsync(JobPage page, Func<JobPage, Task<JobPageResult>> write)
    {
        var befores = new Dictionary<long, (WorkflowRecord Row, IReadOnlyList<SignalRecord> Signals)>();
        var steps = new Dictionary<long, JobStep>();
        JobProgress? progress = null;
        var result = await write(
            page with
            {
                StepFor = row =>
                {
                    befores[row.Id] = (
                        rows.FindAsync(row.Id, CancellationToken.None).Result!,
                        course.SignalsOf(row.Id)
                    );
                    return steps[row.Id] = page.StepFor(row);
                },
                ProgressOf = members => progress = page.ProgressOf(members),
            }
        );
        if (result.Verdict != JobPageVerdict.Written)
        {
            return result;
        }

        var job = progress!.Key.JobId;
        world.Trace.Add(
            world.Now,
            $"job {job}",
            $"page of {string.Join(' ', page.WorkflowIds)}, up to {progress.AfterId}"
        );
        foreach (var id in page.WorkflowIds.Where(id => !turns.Add((job, id))))
        {
            world.Violated($"workflow {id} was processed in job {job} twice");
        }

        var applied = page.WorkflowIds.Where(id => steps.GetValueOrDefault(id) is JobStep.Apply);
        foreach (var (id, outcome) in applied.Zip(result.Events))
        {
            if (outcome is { Verdict: EventVerdict.Committed, Workflow: { } after })
            {
                changed[job] = changed.GetValueOrDefault(job) + 1;
                var happened = ((JobStep.Apply)steps[id]).Event;
                course.Judge(new EventFor(id, happened), befores[id].Row, after, befores[id].Signals);
                witness.Forget(happened, befores[id].Row);
            }
        }

        return result;
    }

    /// <summary>Every workflow that matched the whole time was processed.</summary>
    private async Task<bool> EndAsync(JobEnd end, Func<Task<bool>> write)
    {
        var hasEnded = await write();
        if (
            hasEnded
            && end.Status == JobStatus.Done
            && await rows.Jobs.FindJobAsync(end.Key.JobId, CancellationToken.None) is { } job
            && Job.Of(job) is { Operation: JobOperation.Place } placing
        )
        {
            var meant = JobRequest.MeantBy(placing.Operation, placing.Filter);
            var all = await rows.SearchAsync(new WorkflowSearch { Limit = int.MaxValue }, CancellationToken.None);
            foreach (
                var missed in all.Workflows.Where(row =>
                    row.Id <= job.UpToId
                    && meant.Matches(row, world.Now)
                    && !course.MovedByHand.Contains(row.Id)
                    && !turns.Contains((job.Id, row.Id))
                )
            )
            {
                world.Violated($"job {job.Id} is done, but has skipped workflow {missed.Id}");
            }
        }

        return hasEnded;
    }

    private sealed class WatchedJobs(IJobStore jobs, JobWatch watch) : DelegatingJobStore(jobs)
    {
        public override Task<JobPageResult> WriteJobPageAsync(JobPage page, CancellationToken cancellation) =>
            watch.WriteAsync(page, watched => Inner.WriteJobPageAsync(watched, cancellation));

        public override Task<bool> EndJobAsync(JobEnd end, CancellationToken cancellation) =>
            watch.EndAsync(end, () => Inner.EndJobAsync(end, cancellation));
    }
}
