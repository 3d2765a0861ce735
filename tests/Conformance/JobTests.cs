using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Jobs: ownership, and writing their pages.</summary>
public sealed class JobTests : StoreContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Theory, OnEveryStore]
    public async Task Jobs_are_stored_and_listed_newest_first(StoreKind kind)
    {
        var jobs = (await OpenAsync(kind)).Jobs;
        Assert.Empty(await jobs.JobsAsync(new JobSearch(10), Stop));
        Assert.Null(await jobs.FindJobAsync(1, Stop));
        Assert.Null(await jobs.ClaimJobAsync(new JobClaim(1, A.FirstInstant, A.FirstInstant + Lease), Stop));

        var first = await jobs.CreateJobAsync(AJob(upToId: 7), Stop);
        var second = await jobs.CreateJobAsync(AJob(upToId: 9) with { Reason = null }, Stop);

        Assert.Equal(first, await jobs.FindJobAsync(first.Id, Stop));
        Assert.Equal([second, first], await jobs.JobsAsync(new JobSearch(10), Stop));
        Assert.Equal([second], await jobs.JobsAsync(new JobSearch(1), Stop));
        Assert.Equal([first], await jobs.JobsAsync(new JobSearch(10, BeforeId: second.Id), Stop));
        Assert.Equal(
            ("""{"kind":"pause"}""", """{"idFrom":1}""", "ann", "why", JobStatus.Queued, A.FirstInstant, 7, 3, 0),
            (
                first.Operation,
                first.Filter,
                first.Actor,
                first.Reason,
                first.Status,
                first.Created,
                first.UpToId,
                first.AfterId,
                first.Lease
            )
        );
        Assert.Equal(
            (null, null, null, null, null, null, 0, 0, 0, 0),
            (
                second.Reason,
                second.Started,
                second.Ended,
                second.Total,
                second.Pending,
                second.LeaseUntil,
                second.Done,
                second.Failed,
                second.Skipped,
                second.Descendants
            )
        );
    }

    [Theory, OnEveryStore]
    public async Task The_oldest_job_is_taken_exclusively(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var older = await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var newer = await scene.Jobs.CreateJobAsync(AJob(), Stop);

        var taken = await ClaimAsync(scene);

        Assert.Equal(
            older with
            {
                Status = JobStatus.Running,
                Started = scene.Now,
                ExecutorId = scene.Executor,
                Lease = 1,
                LeaseUntil = scene.Now + Lease,
            },
            taken
        );
        Assert.Equal(newer.Id, (await ClaimAsync(scene))!.Id);
        Assert.Null(await ClaimAsync(scene));
    }

    [Theory, OnEveryStore]
    public async Task A_job_that_is_sent_again_is_stored_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var sent = AJob();
        var other = await scene.Jobs.CreateJobAsync(AJob(), Stop);

        var first = await scene.Jobs.CreateJobAsync(sent, Stop);
        var older = await ClaimAsync(scene);
        var newer = await ClaimAsync(scene);
        var again = await scene.Jobs.CreateJobAsync(sent, Stop);

        Assert.Equal((other.Id, first.Id), (older!.Id, newer!.Id));
        Assert.Equal(newer, again);
        Assert.Equal([newer, older], await scene.Jobs.JobsAsync(new JobSearch(10), Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_job_with_an_expired_lease_is_taken_over_and_lost_by_its_first_owner(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("one");
        await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var first = (await ClaimAsync(scene))!;
        var began = scene.Now;
        scene.Pass(seconds: 30);

        var second = (await ClaimAsync(scene))!;

        Assert.Equal((first.Id, 2, began), (second.Id, second.Lease, second.Started));
        Assert.False(await scene.Jobs.RenewJobAsync(first.Key, scene.Now + Lease, total: 5, Stop));
        Assert.False(await scene.Jobs.EndJobAsync(new JobEnd(first.Key, JobStatus.Done, null, scene.Now), Stop));
        await scene.Jobs.ReleaseJobAsync(first.Key, Stop);
        Assert.Equal(JobPageVerdict.Lost, (await PauseAsync(scene, first, workflow.Id)).Verdict);
        Assert.Equal(second, await scene.Jobs.FindJobAsync(first.Id, Stop));
        Assert.Equal(workflow, await scene.AgainAsync(workflow));
    }

    [Theory, OnEveryStore]
    public async Task A_released_job_can_be_taken_at_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var first = (await ClaimAsync(scene))!;
        await scene.Jobs.RenewJobAsync(first.Key, scene.Now + Lease, total: 5, Stop);

        await scene.Jobs.ReleaseJobAsync(first.Key, Stop);

        var second = (await ClaimAsync(scene))!;
        Assert.Equal((first.Id, 2, 5), (second.Id, second.Lease, second.Total));
    }

    [Theory, OnEveryStore]
    public async Task A_page_writes_its_events_and_the_progress_of_the_job(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var one = await scene.CreatedAsync("one");
        var two = await scene.CreatedAsync("two");
        var three = await scene.CreatedAsync("three");
        await scene.HappensAsync(two.Id, new Cancelled("ann"));
        await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var job = (await ClaimAsync(scene))!;
        scene.Pass(seconds: 10);

        var result = await scene.Jobs.WriteJobPageAsync(
            new JobPage(
                [one.Id, two.Id, three.Id, 999],
                row => row.Id == three.Id ? new JobStep.Refuse("not this one") : new JobStep.Apply(new Paused("job:1")),
                members => new JobProgress(job.Key, three.Id, "children of one", scene.Now + Lease)
                {
                    Done = 1,
                    Skipped = 1,
                    Descendants = 3,
                    Failures =
                    [
                        .. members
                            .Where(member => member.Step is not JobStep.Skip)
                            .Where(member => member.Outcome?.Verdict != EventVerdict.Committed)
                            .Select(member => new JobFailure(member.WorkflowId, $"{member.Outcome?.Verdict}")),
                    ],
                },
                scene.Now
            ),
            Stop
        );

        Assert.Equal(JobPageVerdict.Written, result.Verdict);
        Assert.Equal([EventVerdict.Committed, EventVerdict.Conflict], result.Events.Select(outcome => outcome.Verdict));
        Assert.Equal([one.Id], result.Changes.Select(change => change.Id));
        Assert.Equal(WorkflowStatus.Paused, (await scene.AgainAsync(one)).Status);
        Assert.Equal(three, await scene.AgainAsync(three));
        Assert.Equal(
            job with
            {
                AfterId = three.Id,
                Pending = "children of one",
                Done = 1,
                Failed = 2,
                Skipped = 1,
                Descendants = 3,
                LeaseUntil = scene.Now + Lease,
            },
            await scene.Jobs.FindJobAsync(job.Id, Stop)
        );
        JobFailure[] failures = [new(two.Id, "Conflict"), new(three.Id, "")];
        Assert.Equal(failures, await scene.Jobs.JobFailuresAsync(new JobFailureSearch(job.Id, 10), Stop));
        Assert.Equal(failures[..1], await scene.Jobs.JobFailuresAsync(new JobFailureSearch(job.Id, 1), Stop));
        Assert.Equal(failures[1..], await scene.Jobs.JobFailuresAsync(new JobFailureSearch(job.Id, 10, two.Id), Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_page_is_decided_on_the_current_rows(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("one");
        await scene.HappensAsync(workflow.Id, A.Move("Review", WorkflowStatus.Waiting));
        await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var job = (await ClaimAsync(scene))!;
        var seen = new List<(string State, WorkflowStatus Status)>();

        await scene.Jobs.WriteJobPageAsync(
            new JobPage(
                [workflow.Id],
                row =>
                {
                    seen.Add((row.State, row.Status));
                    return new JobStep.Skip();
                },
                _ => new JobProgress(job.Key, workflow.Id, null, scene.Now + Lease),
                scene.Now
            ),
            Stop
        );

        Assert.Equal([("Review", WorkflowStatus.Waiting)], seen);
    }

    [Theory, OnEveryStore]
    public async Task A_page_that_must_be_read_again_writes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var one = await scene.CreatedAsync("one");
        var two = await scene.CreatedAsync("two");
        await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var job = (await ClaimAsync(scene))!;

        var result = await scene.Jobs.WriteJobPageAsync(
            new JobPage(
                [one.Id, two.Id],
                row => row.Id == one.Id ? new JobStep.Apply(new Paused("job:1")) : new JobStep.ReadAgain(),
                _ => new JobProgress(job.Key, two.Id, null, scene.Now + Lease),
                scene.Now
            ),
            Stop
        );

        Assert.Equal(JobPageVerdict.ReadAgain, result.Verdict);
        Assert.Equal(one, await scene.AgainAsync(one));
        Assert.Equal(job, await scene.Jobs.FindJobAsync(job.Id, Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_page_without_workflows_advances_the_job(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var job = (await ClaimAsync(scene))!;

        await scene.Jobs.WriteJobPageAsync(
            new JobPage(
                [],
                _ => new JobStep.Skip(),
                _ => new JobProgress(job.Key, 77, null, scene.Now + Lease),
                scene.Now
            ),
            Stop
        );

        Assert.Equal(77, (await scene.Jobs.FindJobAsync(job.Id, Stop))!.AfterId);
    }

    [Theory, OnEveryStore]
    public async Task A_page_deletes_workflows(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("one");
        await scene.HappensAsync(workflow.Id, new Cancelled("ann"));
        await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var job = (await ClaimAsync(scene))!;

        await WriteAsync(scene, job, workflow.Id, new Deleted("job:1"), pending: null);

        Assert.Null(await scene.Store.FindAsync(workflow.Id, Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_cancelled_job_ends_at_once_and_changes_nothing_more(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("one");
        var queued = await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var job = (await ClaimAsync(scene))!;
        Assert.Equal(queued.Id, job.Id);
        scene.Pass(seconds: 1);

        Assert.True(await scene.Jobs.CancelJobAsync(job.Id, scene.Now, Stop));

        Assert.Equal(
            job with
            {
                Status = JobStatus.Cancelled,
                Ended = scene.Now,
                CancelRequested = scene.Now,
                LeaseUntil = null,
            },
            await scene.Jobs.FindJobAsync(job.Id, Stop)
        );
        Assert.Equal(JobPageVerdict.Lost, (await PauseAsync(scene, job, workflow.Id)).Verdict);
        Assert.Equal(workflow, await scene.AgainAsync(workflow));
        Assert.False(await scene.Jobs.CancelJobAsync(job.Id, scene.Now, Stop));
        Assert.False(await scene.Jobs.CancelJobAsync(999, scene.Now, Stop));
        Assert.Null(await ClaimAsync(scene));
    }

    [Theory, OnEveryStore]
    public async Task A_cancel_only_marks_a_job_with_pending_work(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("one");
        await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var job = (await ClaimAsync(scene))!;
        await WriteAsync(scene, job, workflow.Id, new Paused("job:1"), pending: "children");

        Assert.True(await scene.Jobs.CancelJobAsync(job.Id, scene.Now, Stop));

        var marked = (await scene.Jobs.FindJobAsync(job.Id, Stop))!;
        Assert.Equal((JobStatus.Running, scene.Now, null), (marked.Status, marked.CancelRequested, marked.Ended));
        var page = await WriteAsync(scene, job, workflow.Id, new Cancelled("job:1"), pending: null);
        Assert.Equal(JobPageVerdict.Written, page.Verdict);
        Assert.True(await scene.Jobs.EndJobAsync(new JobEnd(job.Key, JobStatus.Cancelled, null, scene.Now), Stop));
    }

    [Theory, OnEveryStore]
    public async Task An_ended_job_stays_ended(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var job = (await ClaimAsync(scene))!;

        Assert.True(await scene.Jobs.EndJobAsync(new JobEnd(job.Key, JobStatus.Failed, "broken", scene.Now), Stop));

        var ended = (await scene.Jobs.FindJobAsync(job.Id, Stop))!;
        Assert.Equal(
            (JobStatus.Failed, "broken", scene.Now, null),
            (ended.Status, ended.Error, ended.Ended, ended.LeaseUntil)
        );
        Assert.False(await scene.Jobs.EndJobAsync(new JobEnd(job.Key, JobStatus.Done, null, scene.Now), Stop));
        Assert.False(await scene.Jobs.RenewJobAsync(job.Key, scene.Now + Lease, null, Stop));
        scene.Pass(seconds: 60);
        Assert.Null(await ClaimAsync(scene));
    }

    [Theory, OnEveryStore]
    public async Task Old_jobs_are_removed_with_their_failures_in_batches(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var old = await EndedAsync(scene, failures: 5);
        scene.Pass(seconds: 10);
        var limit = scene.Now;
        var newer = await EndedAsync(scene, failures: 1);
        var open = await scene.Jobs.CreateJobAsync(AJob(), Stop);

        var looks = 0;
        while (await scene.Jobs.RemoveJobsAsync(limit, limit: 2, Stop))
        {
            looks++;
        }

        Assert.True(looks is >= 1 and <= 4, $"{looks} looks");
        Assert.Empty(await scene.Jobs.JobFailuresAsync(new JobFailureSearch(old, 10), Stop));
        Assert.Single(await scene.Jobs.JobFailuresAsync(new JobFailureSearch(newer, 10), Stop));
        Assert.Equal([open.Id, newer], (await scene.Jobs.JobsAsync(new JobSearch(10), Stop)).Select(job => job.Id));
    }

    [Theory, OnEveryStore]
    public async Task Only_one_of_two_concurrent_polls_takes_a_job(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        for (var number = 0; number < 10; number++)
        {
            await scene.Jobs.CreateJobAsync(AJob(), Stop);
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => ClaimAsync(scene), Stop)));

        var taken = claims.OfType<JobRecord>().Select(job => job.Id).ToList();
        Assert.Equal(10, taken.Count);
        Assert.Equal(10, taken.Distinct().Count());
    }

    private static NewJob AJob(long upToId = 1_000) =>
        new("""{"kind":"pause"}""", """{"idFrom":1}""", "ann", "why", AfterId: 3, upToId, A.FirstInstant);

    private static Task<JobRecord?> ClaimAsync(Scene scene) =>
        scene.Jobs.ClaimJobAsync(new JobClaim(scene.Executor, scene.Now, scene.Now + Lease), Stop);

    private static Task<JobPageResult> PauseAsync(Scene scene, JobRecord job, long workflowId) =>
        WriteAsync(scene, job, workflowId, new Paused("job:1"), pending: null);

    private static Task<JobPageResult> WriteAsync(
        Scene scene,
        JobRecord job,
        long workflowId,
        WorkflowEvent happened,
        string? pending
    ) =>
        scene.Jobs.WriteJobPageAsync(
            new JobPage(
                [workflowId],
                _ => new JobStep.Apply(happened),
                _ => new JobProgress(job.Key, workflowId, pending, scene.Now + Lease) { Done = 1 },
                scene.Now
            ),
            Stop
        );

    private static async Task<long> EndedAsync(Scene scene, int failures)
    {
        await scene.Jobs.CreateJobAsync(AJob(), Stop);
        var job = (await ClaimAsync(scene))!;
        await scene.Jobs.WriteJobPageAsync(
            new JobPage(
                [],
                _ => new JobStep.Skip(),
                _ => new JobProgress(job.Key, 9, null, scene.Now + Lease)
                {
                    Failures = [.. Enumerable.Range(1, failures).Select(id => new JobFailure(id, "no"))],
                },
                scene.Now
            ),
            Stop
        );
        await scene.Jobs.EndJobAsync(new JobEnd(job.Key, JobStatus.Done, null, scene.Now), Stop);
        return job.Id;
    }
}
