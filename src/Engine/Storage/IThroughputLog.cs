using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>How many workflows of a type ended with a status in one minute.</summary>
/// <param name="Minute">The start of the minute.</param>
/// <param name="WorkflowType">The type.</param>
/// <param name="Status">How they ended.</param>
/// <param name="Count">How many.</param>
public sealed record EndedCount(DateTimeOffset Minute, string WorkflowType, WorkflowStatus Status, long Count);

/// <summary>How many workflows ended in each of the last minutes, as recorded by the executors.</summary>
public interface IThroughputLog
{
    /// <summary>Replaces the counts that an executor has recorded for these minutes, types and statuses.</summary>
    Task RecordAsync(long executorId, IReadOnlyList<EndedCount> counts, CancellationToken cancellation);

    /// <summary>The sums over all executors, from a minute on, earliest first.</summary>
    Task<IReadOnlyList<EndedCount>> ReadAsync(DateTimeOffset from, CancellationToken cancellation);
}
