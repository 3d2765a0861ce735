using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>Generators of workflows that can be stored, in every status.</summary>
internal static class AnyWorkflow
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorkflowRecord Plain = WorkflowRule
        .Create(
            new NewWorkflow
            {
                ExternalId = "order-1",
                WorkflowType = "Order",
                Version = "v1",
                BusinessKey = "business",
                ExecutorGroup = "default",
                State = "Start",
                NextActivation = Now.AddHours(-1),
            },
            parentId: null,
            Now.AddHours(-1)
        )
        .Workflow with
    {
        Id = 7,
    };

    private static readonly Gen<DateTimeOffset> Due =
        from seconds in Gen.Elements(-3600, -1, 0, 1, 3600)
        select Now.AddSeconds(seconds);

    private static readonly Gen<bool> Either = Gen.Elements(false, true);

    /// <summary>New, and due or not yet.</summary>
    public static Gen<WorkflowRecord> New { get; } = from due in Due select Plain with { NextActivation = due };

    /// <summary>Owned by an executor that runs it.</summary>
    public static Gen<WorkflowRecord> Executing { get; } =
        from row in Begun()
        from owner in Gen.Elements(1L, 2L)
        from woken in Either
        from pausing in Either
        select row with
        {
            Status = WorkflowStatus.Executing,
            ExecutorId = owner,
            Woken = woken,
            PauseRequested = pausing,
        };

    /// <summary>Parked until an instant, after success or after a failed attempt.</summary>
    public static Gen<WorkflowRecord> Parked { get; } =
        from row in Begun()
        from due in Due
        from woken in Either
        select row with
        {
            Status = WorkflowStatus.InProgress,
            NextActivation = due,
            Woken = woken,
        };

    /// <summary>Parked until its children have finished.</summary>
    public static Gen<WorkflowRecord> Awaiting { get; } =
        from row in Begun()
        from open in Gen.Choose(1, 3)
        select row with
        {
            Status = WorkflowStatus.InProgress,
            RetryCount = 0,
            OpenChildren = open,
            AwaitsChildren = true,
        };

    /// <summary>Waits for a person, perhaps until a deadline.</summary>
    public static Gen<WorkflowRecord> Waiting { get; } =
        from row in Begun()
        from woken in Either
        from deadline in Gen.Elements<string?>(null, "Late")
        from due in Due
        select row with
        {
            Status = WorkflowStatus.Waiting,
            Woken = woken,
            DeadlineState = deadline,
            NextActivation = deadline is null ? null : due,
        };

    /// <summary>Waits for a signal that has not arrived, perhaps until a deadline.</summary>
    public static Gen<WorkflowRecord> Listening { get; } =
        from row in Begun()
        from deadline in Gen.Elements<string?>(null, "Late")
        from due in Due
        from kept in Gen.Elements<SignalNames?>(null, SignalNames.Of(["cancelled"]))
        select row with
        {
            Status = WorkflowStatus.InProgress,
            RetryCount = 0,
            AwaitedSignals = SignalNames.Of(["paid"]),
            KeptSignals = kept,
            DeadlineState = deadline,
            NextActivation = deadline is null ? null : due,
        };

    /// <summary>Paused, in any of the other statuses before.</summary>
    public static Gen<WorkflowRecord> Resting { get; } =
        from row in Gen.OneOf(New, Parked, Awaiting, Waiting, Listening)
        select row with
        {
            Status = WorkflowStatus.Paused,
            HeldActivation = row.NextActivation,
            NextActivation = null,
        };

    /// <summary>In any of the final statuses.</summary>
    public static Gen<WorkflowRecord> Final { get; } =
        from row in Begun()
        from status in Gen.Elements(
            WorkflowStatus.Finished,
            WorkflowStatus.Failed,
            WorkflowStatus.Error,
            WorkflowStatus.Cancelled
        )
        select row with
        {
            Status = status,
            Finished = Now.AddMinutes(-1),
            IsCleaningUp = row.IsCleaningUp && status is WorkflowStatus.Failed or WorkflowStatus.Error,
        };

    /// <summary>Any of them.</summary>
    public static Gen<WorkflowRecord> Any { get; } =
        Gen.OneOf(New, Executing, Parked, Awaiting, Waiting, Listening, Resting, Final);

    private static Gen<WorkflowRecord> Begun() =>
        from parent in Gen.Elements<long?>(null, 3)
        from state in Gen.Elements("Start", "Pay", "Approve")
        from retries in Gen.Choose(0, 3)
        from attempts in Gen.Choose(0, 9)
        from lease in Gen.Choose(1, 9)
        from revision in Gen.Choose(0, 99)
        from open in Gen.Choose(0, 2)
        from variables in Gen.Elements("{}", """{"a":1}""")
        from cleansUp in Either
        select Plain with
        {
            ParentWorkflowId = parent,
            State = state,
            RetryCount = retries,
            ExecutionCount = retries + attempts,
            Step = attempts,
            HasBegun = attempts > 0,
            IsCleaningUp = cleansUp,
            Lease = lease,
            Revision = revision,
            OpenChildren = open,
            StateVars = variables,
            Started = Now.AddMinutes(-30),
            Modified = Now.AddMinutes(-1),
            NextActivation = null,
        };
}
