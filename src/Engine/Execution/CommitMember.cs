using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>A write that one caller requests for the next transaction, and the outcome for which it waits.</summary>
internal abstract class CommitMember
{
    /// <summary>
    /// Whether this member may share a transaction with the steps of these workflows. If so, its own workflow is added to them. A run that
    /// has lost its claim and the run that has it now may both be queued, but a batch must have at most one step of any workflow.
    /// </summary>
    public virtual bool TryJoin(HashSet<long> workflows) => true;

    /// <summary>Takes the member for a transaction. Returns false if the caller has withdrawn it.</summary>
    public virtual bool TryTake() => true;

    public abstract void Fail(Exception failure);
}

/// <summary>A workflow to create. The caller can withdraw it until it is taken for a transaction.</summary>
internal sealed class CreateMember(NewWorkflow create) : CommitMember
{
    private bool isTaken;

    public NewWorkflow Create { get; } = create;

    public TaskCompletionSource<CreateOutcome> Outcome { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool TryTake() => !Interlocked.Exchange(ref isTaken, true);

    public void Withdraw(CancellationToken cancellation)
    {
        if (TryTake())
        {
            Outcome.TrySetCanceled(cancellation);
        }
    }

    public override void Fail(Exception failure) => Outcome.TrySetException(failure);
}

/// <summary>A step to commit.</summary>
internal sealed class StepMember(EventFor step) : CommitMember
{
    public EventFor Step { get; } = step;

    public override bool TryJoin(HashSet<long> workflows) => workflows.Add(Step.WorkflowId);

    public TaskCompletionSource<EventOutcome> Outcome { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Fail(Exception failure) => Outcome.TrySetException(failure);
}
