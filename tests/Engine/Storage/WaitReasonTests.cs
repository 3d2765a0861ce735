using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Engine.Tests.Storage;

/// <summary>What a workflow waits for, by examples.</summary>
public sealed class WaitReasonTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Now.AddHours(1);

    private static readonly WorkflowRecord Parked = WorkflowRule
        .Create(
            new NewWorkflow
            {
                ExternalId = "order",
                WorkflowType = "Order",
                Version = "v1",
                BusinessKey = "business",
                ExecutorGroup = "default",
                State = "Work",
                NextActivation = Now,
            },
            parentId: null,
            Now.AddMinutes(-1)
        )
        .Workflow with
    {
        Status = WorkflowStatus.InProgress,
        NextActivation = null,
    };

    private static readonly WorkflowRecord Signalled = Parked with { AwaitedSignals = SignalNames.Of(["paid"]) };

    public static TheoryData<WorkflowRecord, WaitReason?> Examples =>
        new()
        {
            { Parked with { Status = WorkflowStatus.Paused }, WaitReason.Resume },
            { Parked with { Status = WorkflowStatus.Waiting, NextActivation = Now }, WaitReason.Person },
            { Parked with { Status = WorkflowStatus.Finished }, null },
            { Parked with { Status = WorkflowStatus.Executing, ExecutorId = 1 }, null },
            { Parked with { AwaitsChildren = true }, WaitReason.Children },
            { Parked with { AwaitsChildren = true, NextActivation = Later }, WaitReason.Children },
            { Parked with { AwaitsChildren = true, NextActivation = Now }, WaitReason.Executor },
            { Signalled, WaitReason.Signal },
            { Signalled with { NextActivation = Later }, WaitReason.Signal },
            { Signalled with { NextActivation = Now }, WaitReason.Executor },
            { Signalled with { NextActivation = Later, RetryCount = 1 }, WaitReason.Retry },
            { Parked with { NextActivation = Later, RetryCount = 1 }, WaitReason.Retry },
            { Parked with { NextActivation = Later }, WaitReason.Activation },
            { Parked with { Status = WorkflowStatus.New, NextActivation = Later }, WaitReason.Activation },
            { Parked with { NextActivation = Now, RetryCount = 1 }, WaitReason.Executor },
            { Parked, null },
        };

    [Theory, MemberData(nameof(Examples))]
    public void A_workflow_waits_for_one_thing_at_most(WorkflowRecord workflow, WaitReason? expected) =>
        Assert.Equal(expected, WaitReasons.Of(workflow, Now));
}
