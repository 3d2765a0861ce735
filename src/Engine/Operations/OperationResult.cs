namespace GopherFlow.Operations;

/// <summary>What became of an operation on a workflow.</summary>
public enum OperationVerdict
{
    /// <summary>It is written.</summary>
    Changed,

    /// <summary>There is no such workflow.</summary>
    NotFound,

    /// <summary>The workflow is in none of the states from which it was to be moved.</summary>
    WrongState,
}

/// <summary>What became of an operation on a workflow.</summary>
/// <param name="Verdict">Written, or why not.</param>
/// <param name="CurrentState">The state that the workflow is in now, if there is one.</param>
public sealed record OperationResult(OperationVerdict Verdict, string? CurrentState)
{
    /// <summary>There is no such workflow.</summary>
    internal static OperationResult NotFound { get; } = new(OperationVerdict.NotFound, null);
}
