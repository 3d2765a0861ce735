namespace GopherFlow.Conformance.Model;

/// <summary>The kinds of operations in a sequence.</summary>
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
/// One operation of a sequence. The numbers select from what exists when the operation runs, so every subsequence is valid and a
/// failing sequence can be shrunk.
/// </summary>
public sealed record StoreOperation(OperationKind Kind, int First, int Second, int Third)
{
    public override string ToString() => $"{Kind}({First}, {Second}, {Third})";
}
