using GopherFlow.Authoring;

namespace GopherFlow.Storage.InMemory;

/// <summary>How many workflows ended in each of the last minutes, in memory.</summary>
internal sealed class InMemoryThroughputLog : IThroughputLog
{
    private readonly Lock gate = new();
    private readonly Dictionary<
        (long Executor, DateTimeOffset Minute, string Type, WorkflowStatus Status),
        long
    > recorded = [];

    public Task RecordAsync(long executorId, IReadOnlyList<EndedCount> counts, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            foreach (var count in counts)
            {
                recorded[(executorId, count.Minute, count.WorkflowType, count.Status)] = count.Count;
            }

            return true;
        });

    public Task<IReadOnlyList<EndedCount>> ReadAsync(DateTimeOffset from, CancellationToken cancellation) =>
        gate.Locked<IReadOnlyList<EndedCount>>(() =>
            [
                .. recorded
                    .Where(row => row.Key.Minute >= from)
                    .GroupBy(row => (row.Key.Minute, row.Key.Type, row.Key.Status))
                    .Select(sum => new EndedCount(
                        sum.Key.Minute,
                        sum.Key.Type,
                        sum.Key.Status,
                        sum.Sum(row => row.Value)
                    ))
                    .OrderBy(count => count.Minute),
            ]
        );

    public int DeleteBefore(DateTimeOffset instant)
    {
        lock (gate)
        {
            var old = recorded.Keys.Where(key => key.Minute < instant).ToList();
            return old.Count(recorded.Remove);
        }
    }
}
