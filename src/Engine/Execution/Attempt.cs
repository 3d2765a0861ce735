using GopherFlow.Authoring;

namespace GopherFlow.Execution;

/// <summary>How one run of a state function ended.</summary>
internal abstract record Attempt
{
    private Attempt() { }

    /// <summary>It returned a next state.</summary>
    /// <param name="Next">The next state.</param>
    /// <param name="StateVars">The new variables as JSON, or null if they are unchanged.</param>
    /// <param name="Changes">The changes of variables for the history, or null.</param>
    /// <param name="Output">The result of the workflow as JSON, or null.</param>
    /// <param name="OnCommit">The author's callback to run in the commit, or null.</param>
    public sealed record Succeeded(
        NextState Next,
        string? StateVars,
        string? Changes,
        string? Output,
        CommitCallback? OnCommit
    ) : Attempt;

    /// <summary>It threw or timed out, or its outcome could not be written.</summary>
    public sealed record Failed(Exception Reason) : Attempt;

    /// <summary>Its outcome is discarded, because the lease is lost or the executor stops.</summary>
    public sealed record Abandoned : Attempt;
}
