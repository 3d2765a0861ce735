using GopherFlow.Authoring;
using GopherFlow.Operations.Jobs;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Jobs;

/// <summary>A job that is cancelled, whose process dies or whose answers are lost processes nothing twice and skips nothing.</summary>
public sealed class JobCourseTests
{
    /// <summary>More than one page.</summary>
    private const int Many = 450;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StoreKind> Kinds => [StoreKind.InMemory, StoreKind.Sqlite];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Another_process_continues_the_job_of_a_dead_one(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var first = await scene.StartAsync();
        var ids = await Crowd.CreateAsync(first, Many);
        var died = Signalled();
        var rises = Signalled();
        var late = new TaskCompletionSource<JobPageVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Around(
            async (page, write) =>
            {
                if (page.WorkflowIds[0] <= ids[150])
                {
                    return await write();
                }

                died.TrySetResult();
                await scene.UntilAsync(rises.Task);
                var result = await write();
                late.SetResult(result.Verdict);
                return result;
            }
        );
        var jobId = await first.Jobs.StartAsync(Signal, Stop);
        await died.Task.WaitAsync(Stop);
        scene.Around(null);
        var second = await scene.StartAsync();

        scene.Clock.Advance(JobRunner.Lease);

        var job = await AdvanceUntilEndedAsync(scene, second, jobId);
        Assert.Equal((JobStatus.Done, Many, Many, 0, 0), job.Tally());
        Assert.Equal(second.ExecutorId, job.ExecutorId);
        rises.SetResult();
        Assert.Equal(JobPageVerdict.Lost, await late.Task.WaitAsync(Stop));
        Assert.Equal(job.Tally(), (await second.Jobs.FindAsync(jobId, Stop))!.Tally());
        await EachHasOneSignalAsync(second, ids);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_job_is_started_once_although_the_answer_is_lost(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var engine = await scene.StartAsync();
        var tries = 0;
        scene.InterceptCreate(async create =>
        {
            var stored = await create();
            return ++tries < 3 ? throw new LostException() : stored;
        });

        var starting = engine.Jobs.StartAsync(Crowd.Pause, Stop);
        await AdvanceUntilCompletedAsync(scene, starting);

        var jobId = await starting;
        Assert.Equal(3, tries);
        Assert.Equal([jobId], (await engine.Jobs.ListAsync(cancellation: Stop)).Select(job => job.Id));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task No_job_is_started_while_the_database_stays_down(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var engine = await scene.StartAsync();
        scene.InterceptCreate(_ => throw new LostException());

        var starting = engine.Jobs.StartAsync(Crowd.Pause, Stop);
        await AdvanceUntilCompletedAsync(scene, starting);

        await Assert.ThrowsAsync<LostException>(() => starting);
        Assert.Empty(await engine.Jobs.ListAsync(cancellation: Stop));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_page_whose_answer_is_lost_is_not_repeated(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var engine = await scene.StartAsync();
        var ids = await Crowd.CreateAsync(engine, Many);
        var lost = 0;
        scene.Around(
            async (_, write) =>
            {
                var result = await write();
                return lost++ % 2 == 0 ? throw new LostException() : result;
            }
        );

        var jobId = await engine.Jobs.StartAsync(Signal, Stop);

        var job = await AdvanceUntilEndedAsync(scene, engine, jobId);
        Assert.Equal((JobStatus.Done, Many, Many, 0, 0), job.Tally());
        await EachHasOneSignalAsync(engine, ids);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_job_waits_for_a_database_that_is_down(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var engine = await scene.StartAsync();
        var ids = await Crowd.CreateAsync(engine, Many);
        var tries = 0;
        scene.Around((_, write) => tries++ < 7 ? throw new LostException() : write());

        var jobId = await engine.Jobs.StartAsync(Signal, Stop);

        var job = await AdvanceUntilEndedAsync(scene, engine, jobId);
        Assert.Equal((JobStatus.Done, Many, Many, 0, 0), job.Tally());
        await EachHasOneSignalAsync(engine, ids);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_cancel_ends_the_job_after_the_page_in_progress(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var engine = await scene.StartAsync();
        var ids = await Crowd.CreateAsync(engine, Many);
        long jobId = 0;
        var known = Signalled();
        scene.Around(
            async (page, write) =>
            {
                await scene.UntilAsync(known.Task);
                if (page.WorkflowIds[0] == ids[200])
                {
                    Assert.True(await engine.Jobs.CancelAsync(jobId, Stop));
                }

                return await write();
            }
        );
        jobId = await engine.Jobs.StartAsync(Crowd.Pause, Stop);
        known.SetResult();

        var job = await Crowd.EndedAsync(engine, jobId);
        await engine.StopAsync();

        Assert.Equal((JobStatus.Cancelled, Many, 200, 0, 0), job.Tally());
        Assert.Equal(200, await CountAsync(engine, ids, WorkflowStatus.Paused));
        Assert.False(await engine.Jobs.CancelAsync(jobId, Stop));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_stop_releases_the_job_and_another_process_continues_at_once(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var first = await scene.StartAsync();
        var ids = await Crowd.CreateAsync(first, Many);
        var reached = Signalled();
        Task<bool>? stopping = null;
        scene.Around(
            async (page, write) =>
            {
                var result = await write();
                if (page.WorkflowIds[0] == ids[100])
                {
                    stopping = first.StopAsync();
                    reached.SetResult();
                }

                return result;
            }
        );
        var jobId = await first.Jobs.StartAsync(Signal, Stop);
        await reached.Task.WaitAsync(Stop);
        Assert.True(await stopping!);
        Assert.Equal((JobStatus.Running, Many, 200, 0, 0), (await first.Jobs.FindAsync(jobId, Stop))!.Tally());
        scene.Around(null);

        var second = await scene.StartAsync();

        Assert.Equal((JobStatus.Done, Many, Many, 0, 0), (await Crowd.EndedAsync(second, jobId)).Tally());
        await EachHasOneSignalAsync(second, ids);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Workflows_that_no_longer_match_are_skipped_and_new_ones_are_left_alone(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var engine = await scene.StartAsync();
        var ids = await Crowd.CreateAsync(engine, 3);
        IReadOnlyList<long> newer = [];
        scene.Around(
            async (_, write) =>
            {
                await Crowd.MoveAsync(engine, ids[1], "Done", WorkflowStatus.Finished);
                newer = await Crowd.CreateAsync(engine, 2, prefix: "newer");
                return await write();
            }
        );

        var job = await Crowd.DoAsync(engine, Crowd.Pause);

        Assert.Equal((JobStatus.Done, 3, 2, 0, 1), job.Tally());
        Assert.Equal(WorkflowStatus.Finished, (await engine.FindAsync(ids[1])).Status);
        Assert.Equal(2, await CountAsync(engine, newer, WorkflowStatus.New));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_workflow_that_changes_meanwhile_is_read_again(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var engine = await scene.StartAsync();
        var ids = await Crowd.CreateAsync(engine, 3);
        await Crowd.DoAsync(engine, Crowd.Pause);
        var pages = 0;
        scene.Around(
            async (_, write) =>
            {
                if (pages++ == 0)
                {
                    var move = new VersionMoved("1", "2", StatesOf("Work"), "bob");
                    var batch = new WriteBatch([], [new(ids[1], move)], null, scene.Clock.GetUtcNow());
                    await engine.Store.WriteAsync(batch, Stop);
                }

                return await write();
            }
        );

        var job = await Crowd.DoAsync(engine, Crowd.Pause with { Operation = new JobOperation.Resume() });

        Assert.Equal((JobStatus.Done, 3, 3, 0, 0), job.Tally());
        Assert.Equal(2, pages);
        Assert.Equal(["1", "2", "1"], (await AllAsync(engine, ids)).Select(workflow => workflow.Version));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_workflow_that_cannot_be_written_is_isolated_and_the_others_are_processed(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var engine = await scene.StartAsync();
        var ids = await Crowd.CreateAsync(engine, Many);
        var broken = await engine.FindAsync(ids[250]);
        scene.Around(
            (page, write) =>
                page.WorkflowIds.Contains(broken.Id) && page.StepFor(broken) is JobStep.Apply
                    ? throw new InvalidOperationException("broken row")
                    : write()
        );

        var job = await Crowd.DoAsync(engine, Crowd.Pause);

        Assert.Equal((JobStatus.Done, Many, Many - 1, 1, 0), job.Tally());
        Assert.Equal(
            [new JobFailure(ids[250], "broken row")],
            await engine.Jobs.FailuresAsync(job.Id, cancellation: Stop)
        );
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_cancel_with_children_completes_the_families_it_has_begun(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var first = await scene.StartAsync();
        var parent = await first.CreateAsync("Parent");
        await first.UntilAsync(parent, workflow => workflow.AwaitsChildren);
        var children = (await first.Store.ChildrenAsync(new ChildSearch(parent), Stop))
            .Select(child => child.Id)
            .ToList();
        foreach (var child in children)
        {
            await first.UntilAsync(child, workflow => workflow.AwaitsChildren);
        }

        var died = Signalled();
        var ends = Signalled();
        scene.Around(
            async (page, write) =>
            {
                if (page.WorkflowIds.Contains(children[0]))
                {
                    died.TrySetResult();
                    await scene.UntilAsync(ends.Task);
                    throw new LostException();
                }

                return await write();
            }
        );
        var cancel = Crowd.Pause with
        {
            Operation = new JobOperation.Cancel(Children: true),
            Filter = new WorkflowFilter { WorkflowTypes = ["Parent"] },
        };
        var jobId = await first.Jobs.StartAsync(cancel, Stop);
        await died.Task.WaitAsync(Stop);
        Assert.Equal(WorkflowStatus.Cancelled, (await first.FindAsync(parent)).Status);
        Assert.True(await first.Jobs.CancelAsync(jobId, Stop));
        Assert.Equal(JobStatus.Running, (await first.Jobs.FindAsync(jobId, Stop))!.Status);
        scene.Around(null);
        var second = await scene.StartAsync();

        scene.Clock.Advance(JobRunner.Lease);

        var job = await AdvanceUntilEndedAsync(scene, second, jobId);
        ends.SetResult();
        Assert.Equal((1, Family.Children + (Family.Children * Family.Grandchildren)), (job.Done, job.Descendants));
        foreach (var child in await AllAsync(second, children))
        {
            Assert.Equal(WorkflowStatus.Cancelled, child.Status);
            Assert.All(
                await second.Store.ChildrenAsync(new ChildSearch(child.Id), Stop),
                grandchild => Assert.Equal(WorkflowStatus.Cancelled, grandchild.Status)
            );
        }
    }

    /// <summary>Not run on the in-memory store, where advancing the clock by ninety days would run millions of polls one by one.</summary>
    [Fact]
    public async Task A_job_that_ended_long_ago_is_removed()
    {
        await using var scene = await Scene.OpenAsync(StoreKind.Sqlite);
        var engine = await scene.StartAsync();
        await Crowd.CreateAsync(engine, 1);
        var old = await Crowd.DoAsync(engine, Crowd.Pause);
        scene.Clock.Advance(JobRunner.Retention - TimeSpan.FromDays(1));
        var newer = await Crowd.DoAsync(engine, Crowd.Pause);
        Assert.NotNull(await engine.Jobs.FindAsync(old.Id, Stop));

        scene.Clock.Advance(TimeSpan.FromDays(2));
        for (var turn = 0; await engine.Jobs.FindAsync(old.Id, Stop) is not null && turn < 10_000; turn++)
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            await engine.RestAsync();
        }

        Assert.Equal([newer.Id], (await engine.Jobs.ListAsync(cancellation: Stop)).Select(job => job.Id));
    }

    private static JobRequest Signal => Crowd.Pause with { Operation = new JobOperation.Signal("go") };

    private static TaskCompletionSource Signalled() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Dictionary<string, TargetState> StatesOf(string state) =>
        new() { [state] = new TargetState(state, WorkflowStatus.Executing) };

    private static async Task<Job> AdvanceUntilEndedAsync(Scene scene, EngineHarness engine, long jobId)
    {
        var ended = Crowd.EndedAsync(engine, jobId);
        await AdvanceUntilCompletedAsync(scene, ended);
        return await ended;
    }

    private static async Task AdvanceUntilCompletedAsync(Scene scene, Task task)
    {
        while (!task.IsCompleted)
        {
            scene.Clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
    }

    private static async Task EachHasOneSignalAsync(EngineHarness engine, IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
        {
            Assert.Single(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
        }
    }

    private static async Task<int> CountAsync(EngineHarness engine, IEnumerable<long> ids, WorkflowStatus status) =>
        (await AllAsync(engine, ids)).Count(workflow => workflow.Status == status);

    private static async Task<IReadOnlyList<WorkflowRecord>> AllAsync(EngineHarness engine, IEnumerable<long> ids)
    {
        var workflows = new List<WorkflowRecord>();
        foreach (var id in ids)
        {
            workflows.Add(await engine.FindAsync(id));
        }

        return workflows;
    }
}
