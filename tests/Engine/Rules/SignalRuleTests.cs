using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>What happens to a wait for a signal, by examples.</summary>
public sealed class SignalRuleTests
{
    private static readonly DateTimeOffset Now = AnyWorkflow.Now;
    private static readonly TargetState Ship = new("Ship", WorkflowStatus.Executing);
    private static readonly TargetState Late = new("Late", WorkflowStatus.Executing);
    private static readonly TargetState Overdue = new("Overdue", WorkflowStatus.Executing);

    /// <summary>Claimed because its signal has arrived.</summary>
    private static readonly WorkflowRecord Received = WorkflowRule
        .Create(
            new NewWorkflow
            {
                ExternalId = "order-1",
                WorkflowType = "Order",
                Version = "v1",
                BusinessKey = "business",
                ExecutorGroup = "default",
                State = "Ship",
                NextActivation = Now,
                ClaimedBy = 1,
            },
            parentId: null,
            Now.AddMinutes(-1)
        )
        .Workflow with
    {
        AwaitedSignals = SignalNames.Of(["paid"]),
        KeptSignals = SignalNames.Of(["seen", "paid"]),
        DeadlineState = "Late",
    };

    [Fact]
    public void A_manual_state_takes_the_signal_that_led_to_it()
    {
        var signal = new TakenSignal(4, "paid");

        var ruling = Decide(
            Received,
            new Arrived(1, 0, new TargetState("Ship", WorkflowStatus.Waiting)) { TakenSignal = signal }
        );

        Assert.Equal(signal, ruling.Takes);
        Assert.Equal(
            (WorkflowStatus.Waiting, null, "seen", null),
            (
                ruling.After.Status,
                ruling.After.AwaitedSignals,
                ruling.After.KeptSignals?.ToString(),
                ruling.After.DeadlineState
            )
        );
        var entry = Assert.Single(ruling.History);
        Assert.Equal((HistoryKind.Arrived, "signal:paid"), (entry.Kind, entry.Cause));
    }

    [Fact]
    public void A_running_workflow_moved_to_another_version_still_has_its_signal()
    {
        var after = Decide(Received, MovedTo("v2", Ship, Late)).After;

        Assert.Equal(
            (WorkflowStatus.InProgress, Now, "paid", "Late"),
            (after.Status, after.NextActivation, after.AwaitedSignals?.ToString(), after.DeadlineState)
        );
    }

    [Fact]
    public void A_deadline_leads_to_the_state_of_the_other_version()
    {
        var after = Decide(Received, MovedTo("v2", Ship, Overdue)).After;

        Assert.Equal("Overdue", after.DeadlineState);
    }

    [Fact]
    public void A_manual_state_that_becomes_executable_in_the_other_version_loses_its_deadline()
    {
        var waiting = Received with
        {
            Status = WorkflowStatus.Waiting,
            ExecutorId = null,
            NextActivation = Now.AddDays(1),
            AwaitedSignals = null,
        };

        var after = Decide(waiting, MovedTo("v2", Ship, Late)).After;

        Assert.Equal((Now, null), (after.NextActivation, after.DeadlineState));
    }

    [Fact]
    public void A_paused_manual_state_that_becomes_executable_loses_its_deadline_too()
    {
        var waiting = Received with
        {
            Status = WorkflowStatus.Waiting,
            ExecutorId = null,
            NextActivation = Now.AddDays(1),
            AwaitedSignals = null,
        };
        var paused = Decide(waiting, new Paused("ann")).After;

        var moved = Decide(paused, MovedTo("v2", Ship, Late)).After;
        var resumed = Decide(moved, new Resumed(Ship, "ann")).After;

        Assert.Equal((WorkflowStatus.Paused, null, null), (moved.Status, moved.NextActivation, moved.DeadlineState));
        Assert.Equal(
            (WorkflowStatus.InProgress, Now, null),
            (resumed.Status, resumed.NextActivation, resumed.DeadlineState)
        );
    }

    [Fact]
    public void A_wait_for_a_signal_that_was_paused_keeps_its_deadline()
    {
        var listening = Received with
        {
            Status = WorkflowStatus.InProgress,
            ExecutorId = null,
            NextActivation = Now.AddDays(1),
            KeptSignals = null,
        };
        var paused = Decide(listening, new Paused("ann")).After;

        var moved = Decide(paused, MovedTo("v2", Ship, Overdue)).After;
        var resumed = Decide(moved, new Resumed(Ship, "ann")).After;

        Assert.Equal(
            (WorkflowStatus.InProgress, Now.AddDays(1), "Overdue"),
            (resumed.Status, resumed.NextActivation, resumed.DeadlineState)
        );
    }

    [Fact]
    public void A_deadline_that_has_passed_is_not_lost_in_a_version_move()
    {
        var claimed = Received with { AwaitedSignals = null };

        var after = Decide(claimed, MovedTo("v2", new TargetState("Ship", WorkflowStatus.Waiting), Late)).After;

        Assert.Equal((WorkflowStatus.Waiting, Now, "Late"), (after.Status, after.NextActivation, after.DeadlineState));
    }

    private static VersionMoved MovedTo(string version, TargetState ship, TargetState late) =>
        new("v1", version, new Dictionary<string, TargetState> { ["Ship"] = ship, ["Late"] = late }, "ann");

    private static Ruling.Written Decide(WorkflowRecord before, WorkflowEvent happened) =>
        Assert.IsType<Ruling.Written>(WorkflowRule.Decide(before, happened, Now));
}
