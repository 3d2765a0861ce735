using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>Any event of a workflow, chosen by two numbers. Most could come from its owner; some are late or invalid.</summary>
internal static class AnyEvent
{
    private static readonly TargetState[] Targets =
    [
        new("Pay", WorkflowStatus.Executing),
        new("Approve", WorkflowStatus.Waiting),
        new("Done", WorkflowStatus.Finished),
        new("Broken", WorkflowStatus.Error),
        new("Stopped", WorkflowStatus.Cancelled),
    ];

    private static readonly string[] Signals = ["paid", "cancelled"];

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.Zero,
        TimeSpan.FromSeconds(10),
        TimeSpan.FromDays(1),
        TimeSpan.MaxValue,
    ];

    private static readonly RetryPolicy[] Policies =
    [
        RetryPolicy.None,
        RetryPolicy.Linear(2, TimeSpan.Zero, TimeSpan.Zero),
        RetryPolicy.Linear(10, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)),
        RetryPolicy.Exponential(10, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
    ];

    /// <summary>One of the events of any kind.</summary>
    public static WorkflowEvent Of(WorkflowRecord row, int what, int detail) =>
        (what % 24) switch
        {
            <= 4 => EndOf(row, what, detail),
            5 => new HandedBack(LeaseOf(row, detail)),
            6 => new Claimed(1 + (detail % 2)),
            7 => new TakenOver(1 + (detail % 2)),
            8 => new ChildWoke(7, "Half"),
            9 => new StateChanged(Pick([.. Targets, new("Pay", WorkflowStatus.Paused)], detail), "ann")
            {
                Due = detail % 3 == 0 ? null : Instant(detail),
                FromStates = detail % 4 == 0 ? ["Pay", "Done"] : [],
                DeclaredBy = detail % 5 == 0 ? [row.State] : [],
                Variables = detail % 2 == 0 ? new([new VariableChange("b", "2")]) : VariableChanges.None,
            },
            10 => new VariablesChanged(new([new VariableChange("b", $"{detail}")]), "ann"),
            11 => Move(row, detail),
            12 => new ChildReopened(),
            13 => new Cancelled("ann") { CleansUpIn = detail % 2 == 0 ? null : Targets[0] },
            14 => new Paused("ann"),
            15 => new Resumed(CurrentOf(row, detail), "ann"),
            16 => new Retried(CurrentOf(row, detail), "ann"),
            17 => new RunAgain(Targets[0], "ann")
            {
                Variables = detail % 2 == 0 ? new([new VariableChange("a", null)]) : VariableChanges.None,
            },
            18 => new Placed(1 + (detail % 9), detail % 2 == 0 ? "night" : null, "ann"),
            19 => new Deleted("ann"),
            20 => new Signalled(new NewSignal(Pick(Signals, detail), null, "null"), "ann")
            {
                KeptLimit = 1 + (detail % 3),
            },
            21 => new DeadlinePassed(
                LeaseOf(row, detail),
                row.ExecutionCount,
                Pick([.. Targets.Where(target => target.StatusOnArrival != WorkflowStatus.Cancelled)], detail) with
                {
                    Name = detail % 2 == 0 ? row.DeadlineState ?? "Late" : "Late",
                }
            ),
            _ => new ChildEnded(),
        };

    /// <summary>One of the events that end an attempt.</summary>
    public static AttemptEnded EndOf(WorkflowRecord row, int what, int detail)
    {
        var lease = LeaseOf(row, detail);
        var attempts = detail % 7 == 0 ? row.ExecutionCount - 1 : row.ExecutionCount;
        return (what % 5) switch
        {
            0 => new StepSucceeded(lease, attempts, Pick(Targets, detail))
            {
                Activation = ActivationOf(detail),
                AwaitedSignals = detail % 8 == 4 ? SignalNames.Of([Pick(Signals, detail / 8)]) : null,
                Deadline = detail % 3 == 1 ? new Deadline("Late", null, Pick(Delays, detail)) : null,
                TakenSignal = row.KeptSignals is { } kept && detail % 2 == 0 ? new TakenSignal(1, kept.All[0]) : null,
                LogText = detail % 2 == 0 ? "log" : null,
                StateVars = detail % 3 == 0 ? """{"c":3}""" : null,
                WakesParent = detail % 2 == 1,
                Children = [.. Enumerable.Range(0, detail % 3).Select(number => Child(row, detail, number))],
            },
            1 => new StepFailed(lease, attempts, new StepError("Fault", "broken"), Pick(Policies, detail), Random: 0.5)
            {
                IsRetryable = detail % 5 != 0,
                Otherwise = detail % 3 == 0 ? new TargetState("Mend", WorkflowStatus.Executing) : null,
            },
            2 => new StepRejected(lease, attempts, new StepError("Invalid Transition", "It is not declared.")),
            3 => new Arrived(
                lease,
                attempts,
                Pick(Targets, 1 + (detail % (Targets.Length - 1))) with
                {
                    Name = row.State,
                }
            ),
            _ => new Deferred(
                lease,
                attempts,
                new StepError("Missing Definition", "It cannot be loaded."),
                Pick(Delays, detail)
            ),
        };
    }

    private static TargetState CurrentOf(WorkflowRecord row, int detail) =>
        new(row.State, Pick([WorkflowStatus.Executing, WorkflowStatus.Waiting], detail));

    private static Activation ActivationOf(int detail) =>
        (detail % 8) switch
        {
            0 or 1 => new Activation(ActivationKind.WhenChildrenFinished),
            2 => new Activation(ActivationKind.At, Instant: Instant(detail)),
            3 => new Activation(ActivationKind.After, Delay: Pick(Delays, detail / 8)),
            4 => new Activation(ActivationKind.WhenSignalled),
            _ => default,
        };

    private static VersionMoved Move(WorkflowRecord row, int detail) =>
        new(
            detail % 5 == 0 ? "v0" : row.Version,
            row.Version == "v1" ? "v2" : "v1",
            new Dictionary<string, TargetState>
            {
                ["Start"] = new("Start", WorkflowStatus.Executing),
                ["Pay"] = Pick(Targets, detail % 2),
                ["Approve"] = Pick(Targets, (detail + 1) % 2),
            },
            "ann"
        );

    private static NewWorkflow Child(WorkflowRecord parent, int detail, int number) =>
        new()
        {
            ExternalId = $"{parent.Id}-{parent.Lease}-{parent.ExecutionCount}-{number}",
            WorkflowType = "Child",
            Version = "v1",
            BusinessKey = "business",
            ExecutorGroup = "default",
            State = "Start",
            NextActivation = AnyWorkflow.Now,
            ClaimedBy = detail % 2 == 0 ? 1 : null,
        };

    private static long LeaseOf(WorkflowRecord row, int detail) => detail % 11 == 0 ? row.Lease - 1 : row.Lease;

    private static DateTimeOffset Instant(int detail) => AnyWorkflow.Now.AddSeconds((detail % 3 - 1) * 60);

    private static T Pick<T>(T[] from, int seed) => from[seed % from.Length];
}
