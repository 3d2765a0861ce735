using System.Runtime.CompilerServices;

namespace GopherFlow.Simulation;

/// <summary>The schedule store as used by one process, over its connection.</summary>
/// <param name="connection">The connection.</param>
/// <param name="shared">The shared store.</param>
/// <param name="write">Writes a turn of a schedule.</param>
internal sealed class NodeSchedules(NodeStore connection, IScheduleStore shared, ScheduleWriting write) : IScheduleStore
{
    public Task<ScheduleRecord?> FindScheduleAsync(string name, CancellationToken cancellation) =>
        CallAsync(() => shared.FindScheduleAsync(name, cancellation), cancellation);

    public Task<IReadOnlyList<ScheduleRecord>> SchedulesAsync(ScheduleSearch search, CancellationToken cancellation) =>
        CallAsync(() => shared.SchedulesAsync(search, cancellation), cancellation);

    public Task<bool> CreateScheduleAsync(ScheduleRecord schedule, CancellationToken cancellation) =>
        CallAsync(() => shared.CreateScheduleAsync(schedule, cancellation), cancellation);

    public Task<bool> DeleteScheduleAsync(string name, CancellationToken cancellation) =>
        CallAsync(() => shared.DeleteScheduleAsync(name, cancellation), cancellation);

    public Task<IReadOnlyList<ScheduleRecord>> DueSchedulesAsync(
        DateTimeOffset now,
        ScheduleSearch search,
        CancellationToken cancellation
    ) => CallAsync(() => shared.DueSchedulesAsync(now, search, cancellation), cancellation);

    public Task<DateTimeOffset?> NextScheduleDueAsync(DateTimeOffset after, CancellationToken cancellation) =>
        CallAsync(() => shared.NextScheduleDueAsync(after, cancellation), cancellation);

    public Task<IReadOnlyList<long>> UnfinishedRunsAsync(
        IReadOnlyList<long> workflowIds,
        CancellationToken cancellation
    ) => CallAsync(() => shared.UnfinishedRunsAsync(workflowIds, cancellation), cancellation);

    public Task<ScheduleWriteResult> WriteScheduleAsync(ScheduleWrite turn, CancellationToken cancellation) =>
        CallAsync(
            async () =>
            {
                var result = await write(turn);
                connection.Tell(result.Changes);
                return result;
            },
            cancellation
        );

    public Task<IReadOnlyList<WorkflowRecord>> ScheduleRunsAsync(
        ScheduleRunSearch search,
        CancellationToken cancellation
    ) => CallAsync(() => shared.ScheduleRunsAsync(search, cancellation), cancellation);

    private Task<T> CallAsync<T>(
        Func<Task<T>> call,
        CancellationToken cancellation,
        [CallerMemberName] string name = ""
    ) => connection.OverAsync(name, call, cancellation);
}

/// <summary>Writes a turn of a schedule.</summary>
internal delegate Task<ScheduleWriteResult> ScheduleWriting(ScheduleWrite turn);
