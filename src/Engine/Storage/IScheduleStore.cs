using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// Schedules, in the same database as the workflows, so that runs are created and the schedule moves on as one transaction. Each method is
/// one.
/// </summary>
public interface IScheduleStore
{
    /// <summary>One schedule, or null.</summary>
    Task<ScheduleRecord?> FindScheduleAsync(string name, CancellationToken cancellation);

    /// <summary>A page of schedules, sorted by name.</summary>
    Task<IReadOnlyList<ScheduleRecord>> SchedulesAsync(ScheduleSearch search, CancellationToken cancellation);

    /// <summary>Stores a new schedule.</summary>
    /// <returns>False when there is one of that name.</returns>
    Task<bool> CreateScheduleAsync(ScheduleRecord schedule, CancellationToken cancellation);

    /// <summary>Deletes a schedule; its runs stay.</summary>
    /// <returns>False when there is none of that name.</returns>
    Task<bool> DeleteScheduleAsync(string name, CancellationToken cancellation);

    /// <summary>A page of the schedules that are due by an instant, or have runs queued, and are not paused, sorted by name.</summary>
    Task<IReadOnlyList<ScheduleRecord>> DueSchedulesAsync(
        DateTimeOffset now,
        ScheduleSearch search,
        CancellationToken cancellation
    );

    /// <summary>When the next schedule is due after an instant; null when none is.</summary>
    Task<DateTimeOffset?> NextScheduleDueAsync(DateTimeOffset after, CancellationToken cancellation);

    /// <summary>Which of these workflows have not ended, in the same order.</summary>
    Task<IReadOnlyList<long>> UnfinishedRunsAsync(IReadOnlyList<long> workflowIds, CancellationToken cancellation);

    /// <summary>Changes a schedule and creates runs of it, both or neither.</summary>
    Task<ScheduleWriteResult> WriteScheduleAsync(ScheduleWrite write, CancellationToken cancellation);

    /// <summary>A page of the workflows that a schedule has created, those due last first.</summary>
    Task<IReadOnlyList<WorkflowRecord>> ScheduleRunsAsync(ScheduleRunSearch search, CancellationToken cancellation);
}

/// <summary>A page of schedules.</summary>
/// <param name="Limit">The most schedules in the page.</param>
/// <param name="AfterName">Only schedules whose name comes after this one, or null.</param>
public sealed record ScheduleSearch(int Limit, string? AfterName = null);

/// <summary>A page of the runs of a schedule.</summary>
/// <param name="Prefix">What their external ids begin with.</param>
/// <param name="Limit">The most runs in the page.</param>
/// <param name="BeforeExternalId">Only external ids that come before this one, or null.</param>
public sealed record ScheduleRunSearch(string Prefix, int Limit, string? BeforeExternalId = null)
{
    /// <summary>The first text that comes after every one with the prefix, which ends with a colon.</summary>
    internal string End => BeforeExternalId ?? $"{Prefix[..^1]};";
}

/// <summary>A change of a schedule, and runs to create with it.</summary>
/// <param name="Revision">The revision that the schedule has: with another one nothing is written.</param>
/// <param name="After">The schedule as it is to be, without the runs that are created; its revision is the next one.</param>
/// <param name="Creates">The runs.</param>
/// <param name="Now">The instant, by the database's clock.</param>
public sealed record ScheduleWrite(
    long Revision,
    ScheduleRecord After,
    IReadOnlyList<NewWorkflow> Creates,
    DateTimeOffset Now
);

/// <summary>What became of a change of a schedule.</summary>
/// <param name="Schedule">The schedule as it is stored; null when it has another revision, or is gone, and nothing is written.</param>
/// <param name="Creates">One outcome a run.</param>
/// <param name="Changes">Every workflow that is different now.</param>
public sealed record ScheduleWriteResult(
    ScheduleRecord? Schedule,
    IReadOnlyList<CreateOutcome> Creates,
    IReadOnlyList<WorkflowChange> Changes
);
