using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// Schedules, stored in the same database as the workflows, so that creating runs and advancing the schedule is one transaction. Each
/// method is one transaction.
/// </summary>
public interface IScheduleStore
{
    /// <summary>One schedule, or null.</summary>
    Task<ScheduleRecord?> FindScheduleAsync(string name, CancellationToken cancellation);

    /// <summary>A page of schedules, sorted by name.</summary>
    Task<IReadOnlyList<ScheduleRecord>> SchedulesAsync(ScheduleSearch search, CancellationToken cancellation);

    /// <summary>Stores a new schedule.</summary>
    /// <returns>False if there already is one with that name.</returns>
    Task<bool> CreateScheduleAsync(ScheduleRecord schedule, CancellationToken cancellation);

    /// <summary>Deletes a schedule; its runs stay.</summary>
    /// <returns>False if there is none with that name.</returns>
    Task<bool> DeleteScheduleAsync(string name, CancellationToken cancellation);

    /// <summary>A page of the schedules that are not paused and are due at an instant or have queued runs, sorted by name.</summary>
    Task<IReadOnlyList<ScheduleRecord>> DueSchedulesAsync(
        DateTimeOffset now,
        ScheduleSearch search,
        CancellationToken cancellation
    );

    /// <summary>When the next schedule is due after an instant; null if none is.</summary>
    Task<DateTimeOffset?> NextScheduleDueAsync(DateTimeOffset after, CancellationToken cancellation);

    /// <summary>Which of these workflows have not ended, in the same order.</summary>
    Task<IReadOnlyList<long>> UnfinishedRunsAsync(IReadOnlyList<long> workflowIds, CancellationToken cancellation);

    /// <summary>Changes a schedule and creates its runs, or does neither.</summary>
    Task<ScheduleWriteResult> WriteScheduleAsync(ScheduleWrite write, CancellationToken cancellation);

    /// <summary>A page of the workflows that a schedule has created, latest due time first.</summary>
    Task<IReadOnlyList<WorkflowRecord>> ScheduleRunsAsync(ScheduleRunSearch search, CancellationToken cancellation);
}

/// <summary>A page of schedules.</summary>
/// <param name="Limit">The maximum number of schedules in the page.</param>
/// <param name="AfterName">Only schedules whose name comes after this one, or null.</param>
public sealed record ScheduleSearch(int Limit, string? AfterName = null);

/// <summary>A page of the runs of a schedule.</summary>
/// <param name="Prefix">The prefix of their external ids.</param>
/// <param name="Limit">The maximum number of runs in the page.</param>
/// <param name="BeforeExternalId">Only external ids that sort before this one, or null.</param>
public sealed record ScheduleRunSearch(string Prefix, int Limit, string? BeforeExternalId = null)
{
    /// <summary>
    /// The exclusive upper bound: by default the first text that sorts after all with the prefix, which ends with a colon.
    /// </summary>
    internal string End => BeforeExternalId ?? $"{Prefix[..^1]};";
}

/// <summary>A change of a schedule, and runs to create with it.</summary>
/// <param name="Revision">The revision that the schedule must have; otherwise nothing is written.</param>
/// <param name="After">The schedule to write, without the runs that are created; its revision will be the next one.</param>
/// <param name="Creates">The runs.</param>
/// <param name="Now">The instant, by the database's clock.</param>
public sealed record ScheduleWrite(
    long Revision,
    ScheduleRecord After,
    IReadOnlyList<NewWorkflow> Creates,
    DateTimeOffset Now
);

/// <summary>The result of changing a schedule.</summary>
/// <param name="Schedule">The schedule as stored; null if it had another revision or did not exist, and nothing was written.</param>
/// <param name="Creates">One outcome for each run.</param>
/// <param name="Changes">Every workflow that has changed.</param>
public sealed record ScheduleWriteResult(
    ScheduleRecord? Schedule,
    IReadOnlyList<CreateOutcome> Creates,
    IReadOnlyList<WorkflowChange> Changes
);
