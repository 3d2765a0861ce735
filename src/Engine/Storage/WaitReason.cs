using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>What an unfinished workflow that is not running waits for.</summary>
public enum WaitReason
{
    /// <summary>Its children must end.</summary>
    Children,

    /// <summary>A person must move it on.</summary>
    Person,

    /// <summary>A signal must arrive.</summary>
    Signal,

    /// <summary>The retry of a failed attempt is due later.</summary>
    Retry,

    /// <summary>It is paused, and a person must resume it.</summary>
    Resume,

    /// <summary>It is due later.</summary>
    Activation,

    /// <summary>It is due, and no executor has claimed it yet.</summary>
    Executor,

    /// <summary>It is due, but a limit of its definition is reached.</summary>
    Limit,
}

/// <summary>Determines what workflows wait for.</summary>
public static class WaitReasons
{
    /// <summary>What a workflow waits for at an instant, or null if it runs, has ended, or cannot continue by itself.</summary>
    public static WaitReason? Of(WorkflowRecord workflow, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        var isDue = workflow.NextActivation <= now;
        return workflow switch
        {
            { Status: WorkflowStatus.Paused } => WaitReason.Resume,
            { Status: WorkflowStatus.Waiting } => WaitReason.Person,
            { Status: not (WorkflowStatus.New or WorkflowStatus.InProgress) } or { ExecutorId: not null } => null,
            _ when isDue => workflow.Permit == Permit.Needed ? WaitReason.Limit : WaitReason.Executor,
            { AwaitsChildren: true } => WaitReason.Children,
            { AwaitedSignals: not null, RetryCount: 0 } => WaitReason.Signal,
            { NextActivation: null } => null,
            { RetryCount: > 0 } => WaitReason.Retry,
            _ => WaitReason.Activation,
        };
    }

    /// <summary>Whether a workflow with a status can wait for this.</summary>
    internal static bool IsPossibleIn(this WaitReason reason, WorkflowStatus status) =>
        reason switch
        {
            WaitReason.Resume => status == WorkflowStatus.Paused,
            WaitReason.Person => status == WorkflowStatus.Waiting,
            _ => status is WorkflowStatus.New or WorkflowStatus.InProgress,
        };
}
