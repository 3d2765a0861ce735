using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>Replaces the job store with a faulty one.</summary>
internal delegate IJobStore JobMutation(InMemoryStore rows, Chance chance);

/// <summary>Job stores that each break the protocol in one way. The simulator must find all of them.</summary>
internal static class JobMutations
{
    /// <summary>The workflows of a page are written before the progress of the job, and the connection breaks in between.</summary>
    public static IJobStore LeavingTheJobBehind(InMemoryStore rows, Chance chance) =>
        new MutatedJobs(rows.Jobs)
        {
            WritePage = async (page, write) =>
            {
                if (page.WorkflowIds.Count == 0 || !chance.Hit(0.2))
                {
                    return await write(page);
                }

                return await write(
                    page with
                    {
                        ProgressOf = members =>
                        {
                            var progress = page.ProgressOf(members);
                            return progress with { AfterId = Math.Min(progress.AfterId, page.WorkflowIds[0] - 1) };
                        },
                    }
                );
            },
        };

    /// <summary>A page is written regardless of the owner of the job, and any executor takes a job that another has begun.</summary>
    public static IJobStore WithoutLeases(InMemoryStore rows, Chance chance) =>
        new MutatedJobs(rows.Jobs)
        {
            Claim = claim => claim with { Now = claim.Now.AddMinutes(1) },
            WritePage = async (page, write) =>
            {
                var jobs = await rows.Jobs.JobsAsync(new JobSearch(int.MaxValue), CancellationToken.None);
                return await write(
                    page with
                    {
                        ProgressOf = members =>
                        {
                            var progress = page.ProgressOf(members);
                            return progress with { Key = jobs.First(job => job.Id == progress.Key.JobId).Key };
                        },
                    }
                );
            },
        };

    /// <summary>A job advances without having processed a workflow of its page.</summary>
    public static IJobStore PassingOver(InMemoryStore rows, Chance chance) =>
        new MutatedJobs(rows.Jobs) { Filter = found => [.. found.Where(_ => !chance.Hit(0.1))] };

    /// <summary>A job is taken by the first executor that finds it, and is never taken over.</summary>
    public static IJobStore NeverTakingOver(InMemoryStore rows, Chance chance) =>
        new MutatedJobs(rows.Jobs) { Claim = claim => claim with { Now = DateTimeOffset.MinValue } };

    private sealed class MutatedJobs(IJobStore jobs) : DelegatingJobStore(jobs)
    {
        public Func<JobPage, Func<JobPage, Task<JobPageResult>>, Task<JobPageResult>>? WritePage { get; init; }

        public Func<JobClaim, JobClaim>? Claim { get; init; }

        public Func<IReadOnlyList<FilteredWorkflow>, IReadOnlyList<FilteredWorkflow>>? Filter { get; init; }

        public override Task<JobPageResult> WriteJobPageAsync(JobPage page, CancellationToken cancellation) =>
            WritePage is { } around
                ? around(page, changed => Inner.WriteJobPageAsync(changed, cancellation))
                : Inner.WriteJobPageAsync(page, cancellation);

        public override Task<JobRecord?> ClaimJobAsync(JobClaim claim, CancellationToken cancellation) =>
            Inner.ClaimJobAsync(Claim?.Invoke(claim) ?? claim, cancellation);

        public override async Task<IReadOnlyList<FilteredWorkflow>> FilterAsync(
            FilterSearch search,
            CancellationToken cancellation
        )
        {
            var found = await Inner.FilterAsync(search, cancellation);
            return Filter?.Invoke(found) ?? found;
        }
    }
}
