using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// One transaction of a job: the workflows of a page are locked and read, each gets its event, and the new position of the job is written
/// with them. So no workflow is missed or processed twice, whatever happens to the process.
/// </summary>
/// <param name="WorkflowIds">The workflows.</param>
/// <param name="StepFor">Decides what to do with a workflow as it is under the lock. Pure.</param>
/// <param name="ProgressOf">Computes the progress of the job from the results of its members. Pure.</param>
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

    /// <summary>An event happens to it, as the rule decides.</summary>
    /// <param name="Event">The event.</param>
    public sealed record Apply(WorkflowEvent Event) : JobStep;

    /// <summary>The operation cannot be done.</summary>
    /// <param name="Reason">Why, as text.</param>
    public sealed record Refuse(string Reason) : JobStep;

    /// <summary>The job no longer applies to it.</summary>
    public sealed record Skip : JobStep;

    /// <summary>The data that was read before is too old to decide. Nothing of the page is written, and it must be read again.</summary>
    public sealed record ReadAgain : JobStep;
}

/// <summary>The result for one workflow of a page.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Step">What the job decided to do with it.</param>
/// <param name="Outcome">The outcome of the event, if there was one.</param>
public readonly record struct JobMember(long WorkflowId, JobStep Step, EventOutcome? Outcome);

/// <summary>The progress of a job after a page.</summary>
/// <param name="Key">The job, and the lease under which it is held.</param>
/// <param name="AfterId">Every workflow up to this id has been processed.</param>
/// <param name="Pending">What it must still finish before it continues, or null.</param>
/// <param name="LeaseUntil">Until when the executor holds the job.</param>
public sealed record JobProgress(JobKey Key, long AfterId, string? Pending, DateTimeOffset LeaseUntil)
{
    /// <summary>How many workflows were changed.</summary>
    public long Done { get; init; }

    /// <summary>How many were skipped.</summary>
    public long Skipped { get; init; }

    /// <summary>How many descendants were changed along with them.</summary>
    public long Descendants { get; init; }

    /// <summary>The workflows that could not be changed.</summary>
    public IReadOnlyList<JobFailure> Failures { get; init; } = [];
}

/// <summary>The result of a page.</summary>
public enum JobPageVerdict
{
    /// <summary>The page is written.</summary>
    Written,

    /// <summary>The job has ended, or another executor holds it. Nothing is written.</summary>
    Lost,

    /// <summary>A workflow has changed so that the page must be read again. Nothing is written.</summary>
    ReadAgain,
}

/// <summary>The result of a page.</summary>
/// <param name="Verdict">Written, or why not.</param>
/// <param name="Events">One outcome for each event.</param>
/// <param name="Changes">Every workflow that has changed.</param>
public sealed record JobPageResult(
    JobPageVerdict Verdict,
    IReadOnlyList<EventOutcome> Events,
    IReadOnlyList<WorkflowChange> Changes
);
