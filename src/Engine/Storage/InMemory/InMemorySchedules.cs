using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>Schedules in memory.</summary>
internal sealed class InMemorySchedules(InMemoryTables tables, Lock gate, IRowStore rows) : IScheduleStore
{
    private SortedDictionary<string, ScheduleRecord> All => tables.Schedules;

    public Task<ScheduleRecord?> FindScheduleAsync(string name, CancellationToken cancellation) =>
        gate.Locked(() => All.GetValueOrDefault(name));

    public Task<IReadOnlyList<ScheduleRecord>> SchedulesAsync(ScheduleSearch search, CancellationToken cancellation) =>
        gate.Locked<IReadOnlyList<ScheduleRecord>>(() => [.. After(search.AfterName).Take(search.Limit)]);

    public Task<bool> CreateScheduleAsync(ScheduleRecord schedule, CancellationToken cancellation) =>
        gate.Locked(() => All.TryAdd(schedule.Name, schedule));

    public Task<bool> DeleteScheduleAsync(string name, CancellationToken cancellation) =>
        gate.Locked(() => All.Remove(name));

    public Task<IReadOnlyList<ScheduleRecord>> DueSchedulesAsync(
        DateTimeOffset now,
        ScheduleSearch search,
        CancellationToken cancellation
    ) =>
        gate.Locked<IReadOnlyList<ScheduleRecord>>(() =>
            [
                .. After(search.AfterName)
                    .Where(schedule =>
                        !schedule.IsPaused && (schedule.Position.NextDue <= now || schedule.Position.Queued.Count > 0)
                    )
                    .Take(search.Limit),
            ]
        );

    public Task<DateTimeOffset?> NextScheduleDueAsync(DateTimeOffset after, CancellationToken cancellation) =>
        gate.Locked(() =>
            All
                .Values.Where(schedule => !schedule.IsPaused && schedule.Position.NextDue > after)
                .Min(schedule => schedule.Position.NextDue)
        );

    public Task<IReadOnlyList<long>> UnfinishedRunsAsync(
        IReadOnlyList<long> workflowIds,
        CancellationToken cancellation
    ) =>
        gate.Locked<IReadOnlyList<long>>(() =>
            [.. workflowIds.Where(id => tables.Workflows.TryGetValue(id, out var row) && !row.Status.IsFinal())]
        );

    public Task<ScheduleWriteResult> WriteScheduleAsync(ScheduleWrite write, CancellationToken cancellation) =>
        new ScheduleWriter(rows).WriteAsync(write, cancellation);

    public Task<IReadOnlyList<WorkflowRecord>> ScheduleRunsAsync(
        ScheduleRunSearch search,
        CancellationToken cancellation
    ) =>
        gate.Locked<IReadOnlyList<WorkflowRecord>>(() =>
            [
                .. tables
                    .Workflows.Values.Where(row =>
                        row.ExternalId.StartsWith(search.Prefix, StringComparison.Ordinal)
                        && string.CompareOrdinal(row.ExternalId, search.End) < 0
                    )
                    .OrderByDescending(row => row.ExternalId, StringComparer.Ordinal)
                    .Take(search.Limit)
                    .Select(row => row with { StateVars = Variables.EmptyJson }),
            ]
        );

    private IEnumerable<ScheduleRecord> After(string? name) =>
        All.Values.Where(schedule => string.CompareOrdinal(schedule.Name, name ?? "") > 0);
}
