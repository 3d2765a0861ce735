using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>Property tests: what holds for every ruling, for any workflow and any event.</summary>
public sealed class RuleLawTests
{
    private const int Cases = 5000;

    private static readonly DateTimeOffset Now = AnyWorkflow.Now;

    [Fact]
    public void Every_event_of_every_workflow_has_one_ruling() =>
        ForAll(
            AnyWorkflow.Any,
            (before, happened) =>
            {
                var (once, again) = (Decide(before, happened), Decide(before, happened));
                if ((once, again) is not (Ruling.Written first, Ruling.Written second))
                {
                    Assert.Equal(once, again);
                    return;
                }

                Assert.Equal((first.After, first.IsVisible), (second.After, second.IsVisible));
                Assert.Equal(first.History, second.History);
                Assert.Equal(first.ForParent, second.ForParent);
                Assert.Equal(first.Children, second.Children);
            }
        );

    [Fact]
    public void A_final_workflow_moves_only_by_hand() =>
        ForAllWritten(
            AnyWorkflow.Final,
            (before, happened, after, _) =>
            {
                if (happened is not (StateChanged or RunAgain or Retried))
                {
                    Assert.Equal((before.Status, before.State, before.Step), (after.Status, after.State, after.Step));
                    Assert.Equal((before.Lease, before.Finished), (after.Lease, after.Finished));
                }
            }
        );

    [Fact]
    public void An_unfinished_workflow_has_an_owner_a_due_time_or_another_reason_to_wait() =>
        ForAllWritten(
            AnyWorkflow.Any,
            (_, _, after, _) =>
            {
                var reasons =
                    (after.ExecutorId is null ? 0 : 1)
                    + (after.NextActivation is null ? 0 : 1)
                    + (WaitsForOthers(after) ? 1 : 0)
                    + (after.Status is WorkflowStatus.Waiting or WorkflowStatus.Paused ? 1 : 0)
                    + (after.Status.IsFinal() ? 1 : 0);

                // A deadline is a second reason.
                Assert.InRange(reasons, 1, after.DeadlineState is null ? 1 : 2);
                Assert.Equal(after.Status == WorkflowStatus.Executing, after.ExecutorId is not null);
                Assert.Equal(after.Status.IsFinal(), after.Finished is not null);
                Assert.False(after.AwaitsChildren && after.OpenChildren == 0);
                Assert.True(after.HeldActivation is null || after.Status == WorkflowStatus.Paused);
                Assert.True(!after.PauseRequested || after.Status == WorkflowStatus.Executing);
                if (after.NextActivation is not null)
                {
                    Assert.True(
                        after.Status is WorkflowStatus.New or WorkflowStatus.InProgress
                            || after is { Status: WorkflowStatus.Waiting, DeadlineState: not null }
                    );
                }

                if (after.Status.IsFinal())
                {
                    Assert.Null(after.DeadlineState);
                }
            }
        );

    [Fact]
    public void A_wake_makes_its_workflow_due_or_is_kept() =>
        ForAllWritten(
            AnyWorkflow.Any,
            (before, happened, after, _) =>
            {
                if (happened is ChildWoke || before.Woken)
                {
                    Assert.True(
                        after.Woken
                            || after.NextActivation <= Now
                            || after.HeldActivation <= Now
                            || after.AwaitsChildren
                            || after.Status.IsFinal()
                    );
                }
            }
        );

    [Fact]
    public void A_child_does_not_shorten_the_wait_for_the_next_attempt() =>
        ForAllWritten(
            AnyWorkflow.Parked.Select(row => row with { RetryCount = row.RetryCount + 1 }),
            (before, happened, after, _) =>
            {
                if (happened is ChildWoke or ChildEnded or ChildReopened)
                {
                    Assert.Equal(before.NextActivation, after.NextActivation);
                }
            }
        );

    [Fact]
    public void A_paused_workflow_does_not_run_until_resumed_or_moved_by_hand() =>
        ForAllWritten(
            AnyWorkflow.Resting,
            (_, happened, after, _) =>
            {
                if (happened is not (Resumed or Retried or RunAgain or StateChanged or Cancelled))
                {
                    Assert.Equal(WorkflowStatus.Paused, after.Status);
                }
            }
        );

    [Fact]
    public void A_step_that_ends_after_a_pause_request_is_paused_or_final() =>
        ForAllWritten(
            AnyWorkflow.Executing.Select(row => row with { PauseRequested = true }),
            (_, happened, after, _) =>
            {
                if (happened is HolderEvent or TakenOver)
                {
                    Assert.True(after.Status == WorkflowStatus.Paused || after.Status.IsFinal());
                    Assert.False(after.PauseRequested);
                }
            }
        );

    [Fact]
    public void Pause_and_resume_restore_everything() =>
        ForAll(
            Gen.OneOf(AnyWorkflow.Parked, AnyWorkflow.Awaiting, AnyWorkflow.Waiting, AnyWorkflow.Listening)
                .Select(row => row with { Woken = false }),
            (before, _) =>
            {
                var current = new TargetState(
                    before.State,
                    before.Status == WorkflowStatus.Waiting ? WorkflowStatus.Waiting : WorkflowStatus.Executing
                );
                var paused = Assert.IsType<Ruling.Written>(Decide(before, new Paused("ann"))).After;
                var resumed = Assert.IsType<Ruling.Written>(Decide(paused, new Resumed(current, "ann"))).After;

                Assert.Equal(before with { Modified = Now, Revision = before.Revision + 2 }, resumed);
            }
        );

    /// <summary>A wake of a child makes only a state with a function due, not a manual state.</summary>
    [Fact]
    public void Pause_and_resume_keep_the_deadline_of_a_manual_state_woken_by_a_child() =>
        ForAll(
            AnyWorkflow.Waiting.Where(row => row.DeadlineState is not null),
            (before, _) =>
            {
                var current = new TargetState(before.State, WorkflowStatus.Waiting);
                var paused = Assert.IsType<Ruling.Written>(Decide(before, new Paused("ann"))).After;
                var resumed = Assert.IsType<Ruling.Written>(Decide(paused, new Resumed(current, "ann"))).After;

                Assert.Equal((before.Status, before.NextActivation), (resumed.Status, resumed.NextActivation));
            }
        );

    [Fact]
    public void A_cancelled_workflow_ends_or_cleans_up_and_its_step_is_fenced() =>
        ForAll(
            AnyWorkflow.Any,
            (before, happened) =>
            {
                if (happened is not Cancelled cancelled)
                {
                    return;
                }

                if (Decide(before, cancelled) is not Ruling.Written { After: var after })
                {
                    Assert.True(before.Status.IsFinal());
                    return;
                }

                Assert.True(after.Lease > before.Lease);
                Assert.True(
                    after.Status == WorkflowStatus.Cancelled
                        || (after.State == cancelled.CleansUpIn?.Name && after.NextActivation == Now)
                );
            }
        );

    [Fact]
    public void A_signal_is_kept_until_a_step_takes_it_or_its_workflow_finishes_or_is_cancelled() =>
        ForAllWritten(
            AnyWorkflow.Any,
            (before, happened, after, ruling) =>
            {
                var added = happened is Signalled ? 1 : 0;
                var taken = ruling.Takes is null ? 0 : 1;
                if (after.Status is WorkflowStatus.Finished or WorkflowStatus.Cancelled)
                {
                    Assert.Equal((null, null), (after.AwaitedSignals, after.KeptSignals));
                }
                else
                {
                    Assert.Equal(before.KeptSignals.Count() + added - taken, after.KeptSignals.Count());
                }
            }
        );

    [Fact]
    public void An_awaited_signal_makes_its_workflow_due() =>
        ForAllWritten(
            AnyWorkflow.Listening,
            (_, happened, after, _) =>
            {
                if (happened is Signalled { Signal.Name: "paid" })
                {
                    Assert.Equal(Now, after.NextActivation);
                }
            }
        );

    [Fact]
    public void A_deadline_passes_unless_the_awaited_signal_has_arrived() =>
        ForAllWritten(
            Gen.OneOf(AnyWorkflow.Listening, AnyWorkflow.Waiting)
                .Select(row => row with { Status = WorkflowStatus.Executing, ExecutorId = 1, NextActivation = null }),
            (before, happened, after, _) =>
            {
                if (happened is DeadlinePassed deadline)
                {
                    var passes =
                        before.DeadlineState == deadline.Target.Name && !before.KeptSignals.Meet(before.AwaitedSignals);
                    Assert.Equal(passes ? deadline.Target.Name : before.State, after.State);
                    Assert.Null(after.DeadlineState);
                }
            }
        );

    [Fact]
    public void Only_final_workflows_are_deleted() =>
        ForAll(
            AnyWorkflow.Any,
            (before, happened) =>
                Assert.Equal(happened is Deleted && before.Status.IsFinal(), Decide(before, happened) is Ruling.Removed)
        );

    [Fact]
    public void The_lease_increases_with_every_change_of_owner_and_never_decreases() =>
        ForAllWritten(
            AnyWorkflow.Any,
            (before, happened, after, _) =>
            {
                var changes = happened is not AttemptEnded && before.ExecutorId != after.ExecutorId;
                Assert.True(after.Lease >= before.Lease + (changes ? 1 : 0));
                if (happened is AttemptEnded)
                {
                    Assert.Equal(before.Lease, after.Lease);
                    Assert.True(after.ExecutorId is null || after.ExecutorId == before.ExecutorId);
                }
            }
        );

    [Fact]
    public void A_workflow_begins_with_its_first_successful_step_and_only_once() =>
        ForAllWritten(
            AnyWorkflow.Any,
            (before, happened, after, _) => Assert.Equal(before.HasBegun || happened is StepSucceeded, after.HasBegun)
        );

    [Fact]
    public void A_clean_up_lasts_from_the_cancel_until_the_end_or_a_move_elsewhere_by_hand() =>
        ForAllWritten(
            AnyWorkflow.Any,
            (before, happened, after, _) =>
            {
                var isFinal = after.Status.IsFinal();
                var expected = happened switch
                {
                    Cancelled => !isFinal,
                    RunAgain => before.IsCleaningUp && after.State == before.State,
                    StateChanged change => before.IsCleaningUp
                        && !isFinal
                        && (after.State == before.State || change.DeclaredBy.Contains(before.State)),
                    StepSucceeded or Arrived or DeadlinePassed => before.IsCleaningUp && !isFinal,
                    _ => before.IsCleaningUp,
                };
                Assert.Equal(expected, after.IsCleaningUp);
                if (happened is Cancelled && before.IsCleaningUp)
                {
                    Assert.Equal(WorkflowStatus.Cancelled, after.Status);
                }
            }
        );

    [Fact]
    public void The_revision_increases_with_every_written_row() =>
        ForAllWritten(
            AnyWorkflow.Any,
            (before, _, after, _) =>
                Assert.Equal(before.Revision + (ReferenceEquals(before, after) ? 0 : 1), after.Revision)
        );

    [Fact]
    public void An_attempt_is_committed_once() =>
        ForAllWritten(
            AnyWorkflow.Executing,
            (_, happened, after, _) =>
            {
                if (happened is HolderEvent)
                {
                    Assert.Equal(new Ruling.Refused(Refusal.LeaseLost), Decide(after, happened));
                }
            }
        );

    [Fact]
    public void Only_the_holder_of_the_lease_ends_attempts_and_releases() =>
        ForAllWritten(
            AnyWorkflow.Any,
            (before, happened, _, _) =>
            {
                if (happened is HolderEvent held)
                {
                    Assert.NotNull(before.ExecutorId);
                    Assert.Equal(before.Lease, held.Lease);
                }
            }
        );

    [Fact]
    public void An_invisible_change_alters_nothing_that_listeners_receive() =>
        ForAllWritten(
            AnyWorkflow.Any,
            (before, _, after, ruling) =>
            {
                if (!ruling.IsVisible)
                {
                    Assert.Equal(
                        WorkflowChange.To(before, null),
                        WorkflowChange.To(after, null) with
                        {
                            Revision = before.Revision,
                        }
                    );
                }
            }
        );

    [Fact]
    public void The_parent_is_notified_of_every_end_and_every_reopening() =>
        ForAllWritten(
            AnyWorkflow.Any,
            (before, _, after, ruling) =>
            {
                var (was, isOver) = (before.Status.IsFinal(), after.Status.IsFinal());
                Assert.Equal(!was && isOver ? 1 : 0, ruling.ForParent.Count(heard => heard is ChildEnded));
                Assert.Equal(was && !isOver ? 1 : 0, ruling.ForParent.Count(heard => heard is ChildReopened));
            }
        );

    private static bool WaitsForOthers(WorkflowRecord row) =>
        row is { ExecutorId: null, Status: not WorkflowStatus.Paused }
        && (
            row is { AwaitsChildren: true, OpenChildren: > 0 }
            || row is { AwaitedSignals: not null, RetryCount: 0 } && row.NextActivation > Now
            || row is { AwaitedSignals: not null, NextActivation: null }
        );

    private static Ruling Decide(WorkflowRecord before, WorkflowEvent happened) =>
        WorkflowRule.Decide(before, happened, Now);

    private static void ForAll(Gen<WorkflowRecord> rows, Action<WorkflowRecord, WorkflowEvent> law)
    {
        var cases =
            from row in rows
            from what in Gen.Choose(0, 1000)
            from detail in Gen.Choose(0, 1000)
            select (Before: row, Event: AnyEvent.Of(row, what, detail));
        Prop.ForAll(Arb.From(cases), each => law(each.Before, each.Event))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));
    }

    /// <summary>Checks the events that are written. ChildEnded is only sent to a parent with an open child.</summary>
    private static void ForAllWritten(
        Gen<WorkflowRecord> rows,
        Action<WorkflowRecord, WorkflowEvent, WorkflowRecord, Ruling.Written> law
    ) =>
        ForAll(
            rows,
            (before, happened) =>
            {
                if (
                    (happened is not ChildEnded || before.OpenChildren > 0)
                    && Decide(before, happened) is Ruling.Written ruling
                )
                {
                    law(before, happened, ruling.After, ruling);
                }
            }
        );
}
