using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>What one caller wants written with the next transaction, and the outcome that it waits for.</summary>
internal abstract class CommitMember
{
    /// <summary>
    /// Whether it may share a transaction with the steps of these workflows, which it then is among. A run that lost its claim and
    /// the run that has it now may both be here; the store is promised at most one step of any workflow.
    /// </summary>
    public virtual bool TryJoin(HashSet<long> workflows) => true;

    /// <summary>Takes it for a transaction; false when its caller has withdrawn it.</summary>
    public virtual bool TryTake() => true;

    public abstract void Fail(Exception failure);
}

/// <summary>A workflow to create. Its caller may withdraw it until it is taken for a transaction.</summary>
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
