using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Moving unfinished workflows to another version of their definition, in any status.</summary>
public sealed class VersionMoveTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_workflow_in_any_status_moves_to_a_state_that_runs(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var all = await scene.OneOfEachStatusAsync();
        scene.Pass(seconds: 1);

        await scene.MoveVersionAsync(A.VersionMove(StatesOf(all)));

        foreach (var before in all)
        {
            var parked = before.Status is WorkflowStatus.New or WorkflowStatus.InProgress or WorkflowStatus.Paused;
            A.Same(
                before.Status.IsFinal()
                    ? before
                    : before with
                    {
                        Version = A.NextVersion,
                        Status = parked ? before.Status : WorkflowStatus.InProgress,
                        NextActivation = parked ? before.NextActivation : scene.Now,
                        Lease = before.Lease + 1,
                        ExecutorId = null,
                        Modified = scene.Now,
                    },
                await scene.AgainAsync(before)
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_in_any_status_moves_to_a_manual_state(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var all = await scene.OneOfEachStatusAsync();
        scene.Pass(seconds: 1);

        await scene.MoveVersionAsync(
            A.VersionMove([.. StatesOf(all).Select(state => state with { To = "Look", Runs = false })])
        );

        foreach (var before in all.Where(before => !before.Status.IsFinal()))
        {
            A.Same(
                before with
                {
                    Version = A.NextVersion,
                    State = "Look",
                    Status = before.Status == WorkflowStatus.Paused ? WorkflowStatus.Paused : WorkflowStatus.Waiting,
                    Step = before.Step + 1,
                    RetryCount = 0,
                    NextActivation = null,
                    AwaitsChildren = false,
                    Lease = before.Lease + 1,
                    ExecutorId = null,
                    Modified = scene.Now,
                },
                await scene.AgainAsync(before)
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task The_returned_changes_match_the_stored_rows(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var all = await scene.OneOfEachStatusAsync();
        scene.Pass(seconds: 1);

        var changes = await scene.MoveVersionAsync(
            A.VersionMove([
                .. StatesOf(all).Where(state => state.From != "Start"),
                new StateMove("Start", "Begin", Runs: true),
            ])
        );

        Assert.Equal(changes.Select(change => change.Id).Order(), changes.Select(change => change.Id));
        foreach (var change in changes)
        {
            var after = await scene.FindAsync(change.Id);
            Assert.Equal(
                new WorkflowChange(
                    after.Id,
                    after.WorkflowType,
                    A.NextVersion,
                    after.ExecutorGroup,
                    after.Status,
                    after.State,
                    after.State == "Begin" ? "Start" : after.State,
                    after.ParentWorkflowId,
                    after.Lease,
                    after.Revision,
                    after.ExecutionCount,
                    after.RetryCount,
                    after.OpenChildren,
                    after.ExecutorId,
                    after.NextActivation,
                    after.Modified
                ),
                change
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task A_running_step_is_fenced_and_runs_again_on_the_new_version(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("order-1");

        await scene.MoveVersionAsync(A.VersionMove(A.Stays(A.FirstState)));

        Assert.Equal(EventVerdict.LeaseLost, (await scene.CommitAsync(running.Finishes())).Events[0].Verdict);
        Assert.Empty((await scene.ClaimAsync()).Claimed);
        var claimed = Assert.Single((await scene.ClaimAsync(OfNextVersion(scene))).Claimed);
        Assert.Equal((running.Id, A.NextVersion, A.FirstState), (claimed.Id, claimed.Version, claimed.State));
        Assert.Equal(WorkflowStatus.Finished, (await scene.CommittedAsync(claimed.Finishes())).Status);
    }

    [Theory, OnEveryStore]
    public async Task Retries_are_kept_only_in_the_same_state(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var delay = TimeSpan.FromHours(1);
        var due = scene.Now + delay;
        var same = await scene.CommittedAsync((await scene.RunningAsync("same")).RetriesAfter(delay));
        var other = await scene.CommittedAsync(
            (await scene.CommittedAsync((await scene.RunningAsync("other")).GoesTo("Pay"))).RetriesAfter(delay)
        );

        await scene.MoveVersionAsync(A.VersionMove(A.Stays(A.FirstState), new StateMove("Pay", "Charge", Runs: true)));

        var (keeps, begins) = (await scene.AgainAsync(same), await scene.AgainAsync(other));
        Assert.Equal((1, 0, 1, due), (keeps.RetryCount, keeps.Step, keeps.ExecutionCount, keeps.NextActivation!.Value));
        Assert.Equal((0, 2, "Charge"), (begins.RetryCount, begins.Step, begins.State));
        Assert.Equal(due, begins.NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task Only_workflows_of_the_name_and_version_in_mapped_states_move(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            A.Workflow("goes"),
            A.Workflow("other state") with
            {
                State = "start",
            },
            A.Workflow("other version") with
            {
                Version = "V1",
            },
            A.Workflow("other name") with
            {
                WorkflowType = "order",
            }
        );

        var changes = await scene.MoveVersionAsync(A.VersionMove(A.Stays(A.FirstState), A.Stays("Elsewhere")));

        var moved = Assert.Single(changes);
        Assert.Equal("goes", (await scene.FindAsync(moved.Id)).ExternalId);
        Assert.Empty(await scene.MoveVersionAsync(A.VersionMove(A.Stays(A.FirstState))));
        Assert.Empty(await scene.MoveVersionAsync(A.VersionMove()));
    }

    [Theory, OnEveryStore]
    public async Task States_are_mapped_individually_even_when_two_are_swapped(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            A.Workflow("a") with
            {
                State = "A",
            },
            A.Workflow("b") with
            {
                State = "B",
            },
            A.Workflow("c") with
            {
                State = "emoji 🐹 'quoted'",
            }
        );

        var changes = await scene.MoveVersionAsync(
            A.VersionMove(
                new StateMove("A", "B", Runs: true),
                new StateMove("B", "A", Runs: true),
                new StateMove("emoji 🐹 'quoted'", "\"C\"", Runs: false)
            )
        );

        Assert.Equal(
            [("A", "B"), ("B", "A"), ("emoji 🐹 'quoted'", "\"C\"")],
            changes.Select(change => (change.PreviousState!, change.State))
        );
    }

    [Theory, OnEveryStore]
    public async Task Unfinished_workflows_are_paged_by_id_and_all_move(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var all = new List<long>();
        for (var number = 0; number < 7; number++)
        {
            all.Add((await scene.CreatedAsync($"{number}")).Id);
        }

        // Waiting, running and parked workflows are ordered alike; final ones are not included.
        await scene.ClaimAsync(A.Claim(scene.Executor, scene.Now) with { Limit = 3 });
        await scene.CommittedAsync((await scene.RunningAsync("over")).Finishes());
        await scene.CreateAsync(
            A.Workflow("other version") with
            {
                Version = "V1",
            },
            A.Workflow("other name") with
            {
                WorkflowType = "order",
            }
        );
        var pages = new List<IReadOnlyList<long>>();
        await foreach (var page in Scene.UnfinishedAsync(scene.Store, A.Of(A.Type), page: 3))
        {
            pages.Add(page);
        }

        Assert.Equal(all.Chunk(3), pages);

        await scene.MoveVersionAsync(A.VersionMove(A.Stays(A.FirstState)), page: 3);

        Assert.Empty(await scene.Store.UnfinishedAsync(new UnfinishedSearch(A.Of(A.Type), 0, 10), Stop));
        Assert.Equal(
            all,
            await scene.Store.UnfinishedAsync(new UnfinishedSearch(new(A.Type, A.NextVersion), 0, 10), Stop)
        );
    }

    [Theory, OnEveryStore]
    public async Task Workflows_that_cannot_move_are_reported_and_the_others_move(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var over = await scene.CommittedAsync((await scene.RunningAsync("over")).Finishes());
        var parked = await scene.CreatedAsync("parked");
        var running = await scene.RunningAsync("running");
        var waiting = await scene.CommittedAsync((await scene.RunningAsync("waiting")).WaitsForAPerson());
        var move = A.VersionMove(A.Stays(A.FirstState), A.Stays("Done"));

        var result = await scene.WriteAsync(
            [],
            [
                .. new[] { running.Id, running.Id, over.Id, parked.Id, waiting.Id, waiting.Id + 1000 }.Select(
                    id => new EventFor(id, move)
                ),
            ]
        );

        Assert.Equal(
            [
                EventVerdict.Committed,
                EventVerdict.WrongState,
                EventVerdict.WrongState,
                EventVerdict.Committed,
                EventVerdict.WrongState,
                EventVerdict.NotFound,
            ],
            result.Events.Select(outcome => outcome.Verdict)
        );
        Assert.Equal([running.Id, parked.Id], result.Changes.Select(change => change.Id));
        Assert.Equal(waiting, await scene.AgainAsync(waiting));
        Assert.Equal(over, await scene.AgainAsync(over));
    }

    [Theory, OnEveryStore]
    public async Task The_history_names_the_person_the_versions_and_the_target_state(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var same = await scene.RunningAsync("same");
        var other = await scene.CommittedAsync((await scene.RunningAsync("other")).WaitsForAPerson());
        scene.Pass(seconds: 1);

        await scene.MoveVersionAsync(
            A.VersionMove(A.Stays(A.FirstState), new StateMove("Approve", "Review", Runs: true))
        );

        Assert.Equal("MOVED Start: From version v1 to v2 (by ann)", (await scene.TellAsync(same)).Last());
        Assert.Equal(
            "MOVED Approve: From version v1 to v2, state Review (by ann)",
            (await scene.TellAsync(other)).Last()
        );
        var entry = (await scene.HistoryAsync(other))[^1];
        Assert.Equal(
            (null, 1, 0, scene.Now),
            (entry.ExecutorId, entry.Entry.ExecutionCount, entry.Entry.RetryCount, entry.DateTime)
        );
    }

    [Theory, OnEveryStore]
    public async Task The_counts_follow_the_workflows(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = await scene.CreateAsync(A.Workflow("1"), A.Workflow("2"), A.Workflow("3"));
        await scene.RunningAsync("4");

        var moves = created.Creates.Take(2).Select(row => new EventFor(row.Id, A.VersionMove(A.Stays(A.FirstState))));
        await scene.WriteAsync([], [.. moves]);
        await scene.MoveVersionAsync(A.VersionMove(new StateMove(A.FirstState, "Begin", Runs: true)));

        Assert.Equal(
            [
                new WorkflowCount(A.Type, "v2", "Begin", WorkflowStatus.InProgress, 1),
                new WorkflowCount(A.Type, "v2", "Begin", WorkflowStatus.New, 1),
                new WorkflowCount(A.Type, "v2", A.FirstState, WorkflowStatus.New, 2),
            ],
            (await scene.Store.CountsAsync(Stop))
                .OrderBy(count => count.State, StringComparer.Ordinal)
                .ThenBy(count => count.Status.ToName(), StringComparer.Ordinal)
        );
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_can_move_back(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = await scene.CreatedAsync("order-1");
        var forth = A.VersionMove(new StateMove(A.FirstState, "Begin", Runs: true));
        await scene.MoveVersionAsync(forth);

        await scene.MoveVersionAsync(
            forth with
            {
                FromVersion = forth.ToVersion,
                ToVersion = forth.FromVersion,
                States = StateMove.TargetsOf([new StateMove("Begin", A.FirstState, Runs: true)]),
            }
        );

        A.Same(created with { Lease = 2, Step = 2, Modified = scene.Now }, await scene.AgainAsync(created));
    }

    private static StateMove[] StatesOf(IReadOnlyList<WorkflowRecord> workflows) =>
        [.. workflows.Select(workflow => workflow.State).Distinct().Select(state => A.Stays(state))];

    private static ClaimRequest OfNextVersion(Scene scene) =>
        A.Claim(scene.Executor, scene.Now) with
        {
            Definitions = [new(A.Type, A.NextVersion)],
        };
}
