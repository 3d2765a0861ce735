namespace GopherFlow.Conformance.Model;

/// <summary>What a sequence may do to a store.</summary>
public enum OperationKind
{
    Create,
    CreateAgain,
    CreateClaimed,
    Claim,
    Step,
    StepOfTheOutdated,
    Batch,
    HandBack,
    Happen,
    MoveVersion,
    Repair,
    Heartbeat,
    Restart,
    Pass,
}

/// <summary>
/// One operation of a sequence. The numbers choose among what there is when its turn comes, so that every part of a sequence is a
/// sequence itself and a failing one can be cut down.
/// </summary>
public sealed record StoreOperation(OperationKind Kind, int First, int Second, int Third)
{
    public override string ToString() => $"{Kind}({First}, {Second}, {Third})";
}
