using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// What a job does in one transaction: the workflows of a page are locked and read, each gets its event, and how far the job is then
/// is written with them. So no workflow is passed over and none has its turn twice, whatever becomes of the process.
/// </summary>
/// <param name="WorkflowIds">The workflows.</param>
/// <param name="StepFor">What is to be done to a workflow as it is now. Pure.</param>
/// <param name="ProgressOf">How far the job is when its members have come to that. Pure.</param>
/// <param name="Now">The instant of the commit, by the database's clock.</param>
public sealed record JobPage(
    IReadOnlyList<long> WorkflowIds,
    Func<WorkflowRecord, JobStep> StepFor,
    Func<IReadOnlyList<JobMember>, JobProgress> ProgressOf,
    DateTimeOffset Now
);

/// <summary>What a job does to one workflow.</summary>
public abstract record JobStep
{
    private JobStep() { }

    /// <summary>Something happens to it, as the rule decides.</summary>
    /// <param name="Event">What.</param>
    public sealed record Apply(WorkflowEvent Event) : JobStep;

    /// <summary>It cannot be done.</summary>
    /// <param name="Reason">Why, in words.</param>
    public sealed record Refuse(string Reason) : JobStep;

    /// <summary>It is not meant any more.</summary>
    public sealed record Skip : JobStep;

    /// <summary>What was read of it before is too old to decide: the page is to be read again, and nothing of it is written.</summary>
    public sealed record ReadAgain : JobStep;
}

/// <summary>What became of one workflow of a page.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Step">What was to be done.</param>
/// <param name="Outcome">What became of the event, if there was one.</param>
public readonly record struct JobMember(long WorkflowId, JobStep Step, EventOutcome? Outcome);

/// <summary>How far a job is after a page.</summary>
/// <param name="Key">Under which lease.</param>
/// <param name="AfterId">Every workflow up to this id has had its turn.</param>
/// <param name="Pending">What it must still finish before it continues, or null.</param>
/// <param name="LeaseUntil">Until when the executor holds the job.</param>
public sealed record JobProgress(JobKey Key, long AfterId, string? Pending, DateTimeOffset LeaseUntil)
{
    /// <summary>How many workflows were changed.</summary>
    public long Done { get; init; }

    /// <summary>How many were passed over.</summary>
    public long Skipped { get; init; }

    /// <summary>How many descendants were changed with others.</summary>
    public long Descendants { get; init; }

    /// <summary>Those that could not be changed.</summary>
    public IReadOnlyList<JobFailure> Failures { get; init; } = [];
}

/// <summary>What became of a page.</summary>
public enum JobPageVerdict
{
    /// <summary>It is written.</summary>
    Written,

    /// <summary>The job has ended, or another executor holds it. Nothing is written.</summary>
    Lost,

    /// <summary>A workflow has changed in a way that asks to read the page again. Nothing is written.</summary>
    ReadAgain,
}

/// <summary>What became of a page.</summary>
/// <param name="Verdict">Written, or why not.</param>
/// <param name="Events">One outcome an event.</param>
/// <param name="Changes">Every workflow that is different now.</param>
public sealed record JobPageResult(
    JobPageVerdict Verdict,
    IReadOnlyList<EventOutcome> Events,
    IReadOnlyList<WorkflowChange> Changes
);
