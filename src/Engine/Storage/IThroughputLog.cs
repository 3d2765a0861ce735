using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>How many workflows of a type ended in a minute, with a status.</summary>
/// <param name="Minute">When the minute began.</param>
/// <param name="WorkflowType">The type.</param>
/// <param name="Status">How they ended.</param>
/// <param name="Count">How many.</param>
public sealed record EndedCount(DateTimeOffset Minute, string WorkflowType, WorkflowStatus Status, long Count);

/// <summary>How many workflows ended in each of the last minutes, as the executors tell.</summary>
public interface IThroughputLog
{
    /// <summary>Replaces what an executor has told of these minutes, types and statuses.</summary>
    Task RecordAsync(long executorId, IReadOnlyList<EndedCount> counts, CancellationToken cancellation);

    /// <summary>The sums over all executors, since the start of a minute, the earliest first.</summary>
    Task<IReadOnlyList<EndedCount>> ReadAsync(DateTimeOffset from, CancellationToken cancellation);
}
