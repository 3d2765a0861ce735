using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>What an operator does to workflows, over every store.</summary>
public sealed class InterventionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Cancel_asks_the_running_step_to_stop_and_drops_it(StoreKind kind)
    {
        var work = new Work();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", work.RunAsync))
        );
        var id = await engine.CreateAsync("W");
        await work.Entered;

        var result = await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);

        Assert.Equal(new(OperationVerdict.Changed, "Work", WorkflowStatus.Cancelled), result.Workflow);
        await work.Cancelled;
        await engine.StopAsync();
        var cancelled = await engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.Cancelled, "Work"), (cancelled.Status, cancelled.State));
        Assert.NotNull(cancelled.Finished);
        Assert.Equal(["CREATED Work: Created", "CANCELLED Work: Cancelled (by ann)"], await engine.HistoryAsync(id));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_step_that_another_process_cancels_is_asked_to_stop_at_the_next_look(StoreKind kind)
    {
        var work = new Work();
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.OneState("W", work.RunAsync))
        );
        await using var other = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.Trivial("Other"))
        );
        var id = await engine.CreateAsync("W");
        await work.Entered;

        await other.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        clock.Advance(new EngineOptions().StuckWorkflowsInterval);

        await work.Cancelled;
        Assert.Equal(WorkflowStatus.Cancelled, (await engine.FindAsync(id)).Status);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Cancel_goes_to_the_state_that_cleans_up_and_a_second_one_ends_it(StoreKind kind)
    {
        var undo = new Work();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .OnCancel("Undo")
                        .Start("Work", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)), ["Done"])
                        .State("Undo", undo.RunAsync, ["Undone"])
                        .End("Done")
                        .Error("Undone")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);

        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        await undo.Entered;
        Assert.Equal(WorkflowStatus.Executing, (await engine.FindAsync(id)).Status);
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "bob" }, Stop);

        var ended = await engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.Cancelled, "Undo"), (ended.Status, ended.State));
        Assert.Contains("CANCELLED Done: Cancelled, cleans up in Undo (by ann)", await engine.HistoryAsync(id));
        var again = await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        Assert.Equal(OperationVerdict.Conflict, again.Workflow.Verdict);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_second_cancel_ends_a_clean_up_that_is_beyond_its_first_state(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .OnCancel("Undo")
                        .Start("Work", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)), ["Done"])
                        .State("Undo", _ => NextState.GoTo("Tell").After(TimeSpan.FromDays(1)), ["Tell"])
                        .State("Tell", _ => NextState.GoTo("Undone"), ["Undone"])
                        .End("Done")
                        .Error("Undone")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        await engine.UntilAsync(id, workflow => workflow.State == "Tell");

        var second = await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "bob" }, Stop);

        Assert.Equal(new(OperationVerdict.Changed, "Tell", WorkflowStatus.Cancelled), second.Workflow);
        Assert.Equal("CANCELLED Tell: Cancelled (by bob)", (await engine.HistoryAsync(id))[^1]);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Cancel_takes_children_along_when_it_is_asked_to(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Parent()).AddDefinition(Sleeper())
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);

        var result = await engine.Interventions.CancelAsync(WithChildren(id), Stop);

        Assert.Equal(3, result.Descendants);
        Assert.All(
            await engine.Store.ChildrenAsync(new ChildSearch(id), Stop),
            child => Assert.Equal(WorkflowStatus.Cancelled, child.Status)
        );
        Assert.Equal(0, (await engine.FindAsync(id)).OpenChildren);
    }

    [Fact]
    public async Task A_caller_that_goes_away_leaves_no_child_behind()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.Sqlite, clock);
        using var caller = new CancellationTokenSource();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Write = async (batch, write) =>
            {
                var result = await write();
                if (batch.Events.Any(each => each.Event is Cancelled))
                {
                    await caller.CancelAsync();
                }

                return result;
            },
        };
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Parent()).AddDefinition(Sleeper()),
            wrapped: intercepted
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);

        var result = await engine.Interventions.CancelAsync(WithChildren(id), caller.Token);

        Assert.Equal(3, result.Descendants);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Children_that_were_left_are_cancelled_when_their_parent_is_already(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Parent()).AddDefinition(Sleeper())
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);

        var again = await engine.Interventions.CancelAsync(WithChildren(id), Stop);
        Assert.Equal((OperationVerdict.Changed, 3), (again.Workflow.Verdict, again.Descendants));
        var third = await engine.Interventions.CancelAsync(WithChildren(id), Stop);
        Assert.Equal((OperationVerdict.Conflict, 0), (third.Workflow.Verdict, third.Descendants));
    }

    private static CancelWorkflow WithChildren(long id) =>
        new()
        {
            WorkflowId = id,
            Children = true,
            Actor = "ann",
        };

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_cancelled_child_counts_as_ended_for_its_parent(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Parent()).AddDefinition(Sleeper())
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);

        foreach (var child in await engine.Store.ChildrenAsync(new ChildSearch(id), Stop))
        {
            await engine.Interventions.CancelAsync(new() { WorkflowId = child.Id, Actor = "ann" }, Stop);
        }

        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Pause_lets_the_running_step_end_and_resume_goes_on_from_there(StoreKind kind)
    {
        var work = new Work();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.TwoStates("W", work.RunAsync, _ => Task.FromResult(NextState.GoTo("Done"))))
        );
        var id = await engine.CreateAsync("W");
        await work.Entered;

        var asked = await engine.Interventions.PauseAsync(id, "ann", Stop);
        Assert.Equal(WorkflowStatus.Executing, asked.CurrentStatus);
        work.Release("Second");
        var paused = await engine.UntilAsync(id, WorkflowStatus.Paused);
        engine.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Second", paused.State);
        Assert.Equal(paused, await engine.FindAsync(id));

        var resumed = await engine.Interventions.ResumeAsync(id, "ann", Stop);

        Assert.Equal(OperationVerdict.Changed, resumed.Verdict);
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal(
            [
                "CREATED First: Created",
                "PAUSED First: To be paused when its step has ended (by ann)",
                "TRANSITION First: From First to Second",
                "PAUSED Second: Paused",
                "RESUMED Second: Resumed (by ann)",
                "TRANSITION Second: From Second to Done",
                "END Done: workflow complete",
            ],
            await engine.HistoryAsync(id)
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_pause_that_is_taken_back_before_the_step_has_ended_changes_nothing(StoreKind kind)
    {
        var work = new Work();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", work.RunAsync))
        );
        var id = await engine.CreateAsync("W");
        await work.Entered;

        await engine.Interventions.PauseAsync(id, "ann", Stop);
        await engine.Interventions.ResumeAsync(id, "ann", Stop);
        work.Release("Done");

        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task What_was_parked_when_it_was_paused_is_due_when_it_would_have_been(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Sleeper()));
        var id = await engine.CreateAsync("Sleeper");
        var parked = await engine.UntilAsync(id, WorkflowStatus.InProgress);

        await engine.Interventions.PauseAsync(id, "ann", Stop);
        var paused = await engine.FindAsync(id);
        Assert.Equal(
            (WorkflowStatus.Paused, null, parked.NextActivation),
            (paused.Status, paused.NextActivation, paused.HeldActivation)
        );
        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        var resumed = await engine.FindAsync(id);
        Assert.Equal(
            (WorkflowStatus.InProgress, parked.NextActivation, null),
            (resumed.Status, resumed.NextActivation, resumed.HeldActivation)
        );
        Assert.Equal(OperationVerdict.Conflict, (await engine.Interventions.ResumeAsync(id, "ann", Stop)).Verdict);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task What_waits_for_a_person_can_be_paused_and_waits_again_when_it_is_resumed(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Ask")))
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Waiting);

        await engine.Interventions.PauseAsync(id, "ann", Stop);
        Assert.Equal(WorkflowStatus.Paused, (await engine.FindAsync(id)).Status);
        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        Assert.Equal(WorkflowStatus.Waiting, (await engine.FindAsync(id)).Status);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Children_that_end_while_their_parent_is_paused_are_not_forgotten(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Parent()).AddDefinition(Sleeper())
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);
        await engine.Interventions.PauseAsync(id, "ann", Stop);
        foreach (var child in await engine.Store.ChildrenAsync(new ChildSearch(id), Stop))
        {
            await engine.Interventions.CancelAsync(new() { WorkflowId = child.Id, Actor = "ann" }, Stop);
        }

        Assert.Equal(WorkflowStatus.Paused, (await engine.FindAsync(id)).Status);
        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Retry_runs_a_failed_state_again_with_all_its_retries(StoreKind kind)
    {
        var runs = 0;
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        _ => runs++ == 0 ? throw new InvalidOperationException("broken") : NextState.GoTo("Done")
                    )
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Failed);

        var result = await engine.Interventions.RetryAsync(id, "ann", Stop);

        Assert.Equal(OperationVerdict.Changed, result.Verdict);
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Contains("RETRIED Work: Retried at once (by ann)", await engine.HistoryAsync(id));
        Assert.Equal(OperationVerdict.Conflict, (await engine.Interventions.RetryAsync(id, "ann", Stop)).Verdict);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Retry_does_not_wait_for_the_next_attempt_and_keeps_its_count(StoreKind kind)
    {
        var attempts = new List<int>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState("W", Run, RetryPolicy.Linear(5, TimeSpan.FromHours(1), TimeSpan.FromHours(1)))
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.RetryCount == 1);

        await engine.Interventions.RetryAsync(id, "ann", Stop);

        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal([1, 2], attempts);

        NextState Run(StepContext step)
        {
            attempts.Add(step.Attempt);
            return step.Attempt == 1 ? throw new InvalidOperationException("broken") : NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Run_again_begins_from_a_state_with_changed_variables_and_a_new_step_key(StoreKind kind)
    {
        var keys = new List<string>();
        var seen = new List<string>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", Run))
        );
        var id = await engine.CreateAsync("W", variables: Variables.Parse("""{"city":"Oslo","old":"1"}"""));
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        var result = await engine.Interventions.RunAgainAsync(
            new()
            {
                WorkflowId = id,
                State = "Work",
                Variables = [new("city", "\"Rome\""), new("old", null)],
                Actor = "ann",
            },
            Stop
        );

        Assert.Equal(OperationVerdict.Changed, result.Verdict);
        await engine.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished && keys.Count == 2);
        Assert.Equal(["Oslo", "Rome"], seen);
        Assert.NotEqual(keys[0], keys[1]);
        Assert.Equal("""{"city":"Rome"}""", (await engine.FindAsync(id)).StateVars);
        Assert.Equal(
            [
                "RUN_AGAIN Done: Runs again from Work (by ann)",
                "LOG Work: Updated state var: city (by ann)",
                "LOG Work: Removed state var: old (by ann)",
            ],
            (await engine.HistoryAsync(id)).Skip(3).Take(3)
        );
        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Interventions.RunAgainAsync(
                new()
                {
                    WorkflowId = id,
                    State = "Done",
                    Actor = "ann",
                },
                Stop
            )
        );
        Assert.Equal("state: expected a state with a function: Work, but 'Done' came.", fault.Message);

        NextState Run(StepContext step)
        {
            keys.Add(step.StepKey);
            seen.Add(step.Variables["city"]!);
            return NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Variables_change_together_and_only_if_they_are_as_expected(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Ask")))
        );
        var id = await engine.CreateAsync("W", variables: Variables.Parse("""{"a":{"x":1,"y":[2]},"b":"2"}"""));
        await engine.UntilAsync(id, WorkflowStatus.Waiting);
        VariableChange[] late = [new("b", null), new("a", "3") { Expected = new("""{"x":1}""") }];
        VariableChange[] wrong = [new("c", "1") { Expected = new("1") }];
        VariableChange[] right =
        [
            new("a", "3") { Expected = new("""{ "y": [2], "x": 1 }""") },
            new("b", null),
            new("c", "null") { Expected = new(null) },
        ];

        Assert.Equal(OperationVerdict.Conflict, (await ChangeAsync(late)).Verdict);
        Assert.Equal(OperationVerdict.Conflict, (await ChangeAsync(wrong)).Verdict);
        Assert.Equal("""{"a":{"x":1,"y":[2]},"b":"2"}""", (await engine.FindAsync(id)).StateVars);
        Assert.Equal(OperationVerdict.Changed, (await ChangeAsync(right)).Verdict);

        Assert.Equal("""{"a":3,"c":null}""", (await engine.FindAsync(id)).StateVars);

        Task<OperationResult> ChangeAsync(VariableChange[] changes) =>
            engine.Interventions.ChangeVariablesAsync(id, changes, "ann", Stop);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_person_takes_declared_ways_out_of_a_manual_state_unless_it_is_forced(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Ask")))
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Waiting);
        var move = new MoveWorkflow
        {
            WorkflowId = id,
            State = "Bad",
            Actor = "ann",
        };

        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Interventions.MoveAsync(move, Stop)
        );
        Assert.Equal("state: expected a state that 'Ask' goes to: Work, Done, but 'Bad' came.", fault.Message);
        await engine.Interventions.MoveAsync(move with { Force = true }, Stop);

        Assert.Equal(WorkflowStatus.Error, (await engine.FindAsync(id)).Status);
        Assert.Equal("LOG Ask: User Manually Changed State :Bad (by ann, forced)", (await engine.HistoryAsync(id))[^1]);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Priority_and_group_change_while_it_is_unfinished(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Sleeper()));
        var id = await engine.CreateAsync("Sleeper");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);
        var request = new PlaceWorkflow
        {
            WorkflowId = id,
            Priority = 1,
            ExecutorGroup = "night",
            Actor = "ann",
        };

        await engine.Interventions.PlaceAsync(request, Stop);

        var placed = await engine.FindAsync(id);
        Assert.Equal((1, "night"), (placed.Priority, placed.ExecutorGroup));
        Assert.Equal("LOG Done: Priority 1, executor group night (by ann)", (await engine.HistoryAsync(id))[^1]);
        await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Interventions.PlaceAsync(request with { Priority = 10 }, Stop)
        );
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        Assert.Equal(OperationVerdict.Conflict, (await engine.Interventions.PlaceAsync(request, Stop)).Verdict);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Only_what_is_final_is_deleted_and_nothing_of_it_stays(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Ask")))
        );
        var id = await engine.CreateAsync("W", variables: Variables.Parse("""{"a":"1"}"""));
        await engine.UntilAsync(id, WorkflowStatus.Waiting);

        Assert.Equal(OperationVerdict.Conflict, (await engine.Interventions.DeleteAsync(id, "ann", Stop)).Verdict);
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        Assert.Equal(OperationVerdict.Changed, (await engine.Interventions.DeleteAsync(id, "ann", Stop)).Verdict);

        Assert.Null(await engine.Store.FindAsync(id, Stop));
        Assert.Empty(await engine.Store.ActionsAsync(new ActionSearch(id, 10), Stop));
        Assert.DoesNotContain(await engine.Store.CountsAsync(Stop), count => count.Count > 0);
        Assert.Equal(OperationVerdict.NotFound, (await engine.Interventions.DeleteAsync(id, "ann", Stop)).Verdict);
        var next = await engine.CreateAsync("W");
        Assert.NotEqual(id, next);
    }

    private static WorkflowDefinition Sleeper() =>
        Machines.OneState("Sleeper", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)));

    private static WorkflowDefinition Parent() =>
        WorkflowDefinitionBuilder
            .Named("Parent")
            .Start(
                "Spawn",
                _ =>
                    NextState
                        .GoTo("Join")
                        .Spawn(Enumerable.Range(0, 3).Select(number => new ChildRequest("Sleeper", $"{number}")))
                        .WhenChildrenFinished(),
                ["Join"]
            )
            .State("Join", _ => NextState.GoTo("Done"), ["Done"])
            .End("Done")
            .Build();

    /// <summary>A function that waits until it is released or cancelled.</summary>
    private sealed class Work
    {
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<string> target = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => entered.Task;

        public Task Cancelled => cancelled.Task;

        public void Release(string to) => target.SetResult(to);

        public async Task<NextState> RunAsync(StepContext step)
        {
            entered.TrySetResult();
            try
            {
                return NextState.GoTo(await target.Task.WaitAsync(step.Cancellation));
            }
            catch (OperationCanceledException)
            {
                cancelled.TrySetResult();
                throw;
            }
        }
    }
}
