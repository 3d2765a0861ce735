using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.TestSupport;

/// <summary>A real schedule store whose writes a test can delay, fail, or make lose their answers.</summary>
public sealed class InterceptedSchedules(IScheduleStore inner) : IScheduleStore
{
    /// <summary>Intercepts every change of a schedule.</summary>
    public Func<Func<Task<ScheduleWriteResult>>, Task<ScheduleWriteResult>>? Write { get; set; }

    /// <inheritdoc/>
    public Task<ScheduleRecord?> FindScheduleAsync(string name, CancellationToken cancellation) =>
        inner.FindScheduleAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScheduleRecord>> SchedulesAsync(ScheduleSearch search, CancellationToken cancellation) =>
        inner.SchedulesAsync(search, cancellation);

    /// <inheritdoc/>
    public Task<bool> CreateScheduleAsync(ScheduleRecord schedule, CancellationToken cancellation) =>
        inner.CreateScheduleAsync(schedule, cancellation);

    /// <inheritdoc/>
    public Task<bool> DeleteScheduleAsync(string name, CancellationToken cancellation) =>
        inner.DeleteScheduleAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScheduleRecord>> DueSchedulesAsync(
        DateTimeOffset now,
        ScheduleSearch search,
        CancellationToken cancellation
    ) => inner.DueSchedulesAsync(now, search, cancellation);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextScheduleDueAsync(DateTimeOffset after, CancellationToken cancellation) =>
        inner.NextScheduleDueAsync(after, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> UnfinishedRunsAsync(
        IReadOnlyList<long> workflowIds,
        CancellationToken cancellation
    ) => inner.UnfinishedRunsAsync(workflowIds, cancellation);

    /// <inheritdoc/>
    public Task<ScheduleWriteResult> WriteScheduleAsync(ScheduleWrite write, CancellationToken cancellation) =>
        Write is { } around
            ? around(() => inner.WriteScheduleAsync(write, cancellation))
            : inner.WriteScheduleAsync(write, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> ScheduleRunsAsync(
        ScheduleRunSearch search,
        CancellationToken cancellation
    ) => inner.ScheduleRunsAsync(search, cancellation);
}
