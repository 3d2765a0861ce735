using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>Prepares the next page of a job.</summary>
internal sealed class JobPages(IJobStore jobs, JobSteps steps, TimeProvider clock)
{
    private readonly FilterWalk walk = new(jobs, clock);

    /// <summary>
    /// Returns the next page, or null if there is nothing left to do. Pending work for earlier workflows comes first. If the job is being
    /// cancelled, only pending work is done.
    /// </summary>
    public async Task<JobPage?> NextAsync(
        JobRecord stored,
        int limit,
        DateTimeOffset leaseUntil,
        CancellationToken cancellation
    )
    {
        var job = Job.Of(stored);
        if (stored.Pending is not null)
        {
            return await OfFamilyAsync(stored, job, limit, leaseUntil, cancellation);
        }

        return stored.CancelRequested is null && stored.AfterId < stored.UpToId
            ? await OfFilterAsync(stored, job, limit, leaseUntil, cancellation)
            : null;
    }

    private async Task<JobPage> OfFilterAsync(
        JobRecord stored,
        Job job,
        int limit,
        DateTimeOffset leaseUntil,
        CancellationToken cancellation
    )
    {
        var meant = JobRequest.MeantBy(job.Operation, job.Filter);
        var now = clock.Now();
        var (found, upToId) = await walk.NextAsync(meant, stored.AfterId, stored.UpToId, limit, cancellation);
        var stepOf = await steps.ForAsync(job, found, cancellation);
        return new JobPage(
            [.. found.Select(workflow => workflow.Id)],
            workflow => meant.Matches(workflow, now) ? stepOf(workflow) : new JobStep.Skip(),
            members => new JobProgress(stored.Key, upToId, BegunBy(job.Operation, members), leaseUntil)
            {
                Done = members.Count(IsDone),
                Skipped = members.Count(IsSkipped),
                Failures =
                [
                    .. members
                        .Where(member => !IsDone(member) && !IsSkipped(member))
                        .Select(member => FailureOf(job.Operation, member)),
                ],
            },
            now
        );
    }

    private async Task<JobPage> OfFamilyAsync(
        JobRecord stored,
        Job job,
        int limit,
        DateTimeOffset leaseUntil,
        CancellationToken cancellation
    )
    {
        var (children, left) = await FamilyWalk.Of(stored.Pending).NextAsync(jobs, limit, cancellation);
        var stepOf = await steps.ForAsync(job, children, cancellation);
        return new JobPage(
            [.. children.Select(child => child.Id)],
            workflow => workflow.Status.IsFinal() ? new JobStep.Skip() : stepOf(workflow),
            members => new JobProgress(stored.Key, stored.AfterId, left.Text, leaseUntil)
            {
                Descendants = members.Count(IsDone),
            },
            clock.Now()
        );
    }

    /// <summary>The pending work of a cancel with children for the workflows of this page.</summary>
    private static string? BegunBy(JobOperation operation, IReadOnlyList<JobMember> members) =>
        operation is JobOperation.Cancel { Children: true }
            ? FamilyWalk.None.Below([.. members.Where(IsDone).Select(member => member.WorkflowId)]).Text
            : null;

    private static bool IsDone(JobMember member) => member.Outcome?.Verdict == EventVerdict.Committed;

    private static bool IsSkipped(JobMember member) =>
        member.Step is JobStep.Skip || member.Outcome?.Verdict == EventVerdict.NotFound;

    private static JobFailure FailureOf(JobOperation operation, JobMember member) =>
        new(
            member.WorkflowId,
            (
                member switch
                {
                    { Step: JobStep.Refuse refusal } => refusal.Reason,
                    { Outcome: { } outcome } => JobSteps.ReasonOf(operation, outcome),
                    _ => "It had no outcome.",
                }
            ).Storable()
        );
}
