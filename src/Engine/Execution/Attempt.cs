using GopherFlow.Authoring;

namespace GopherFlow.Execution;

/// <summary>How one run of a state function ended.</summary>
internal abstract record Attempt
{
    private Attempt() { }

    /// <summary>It said where to go.</summary>
    /// <param name="Next">Where.</param>
    /// <param name="StateVars">The new variables as JSON, or null when they are unchanged.</param>
    /// <param name="Changes">What the history is to say of the changed variables, or null.</param>
    /// <param name="Output">The result of the workflow as JSON, or null.</param>
    /// <param name="OnCommit">What the author wants to write with the commit, or null.</param>
    public sealed record Succeeded(
        NextState Next,
        string? StateVars,
        string? Changes,
        string? Output,
        CommitCallback? OnCommit
    ) : Attempt;

    /// <summary>It threw, took too long, or its outcome could not be written.</summary>
    public sealed record Failed(Exception Reason) : Attempt;

    /// <summary>Nobody wants its outcome any more: the lease is lost or the executor stops.</summary>
    public sealed record Abandoned : Attempt;
}
