using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>Counts the workflows that steps of this executor have ended, per minute.</summary>
internal sealed class EndedTally(TimeProvider clock)
{
    /// <summary>How long counts are kept in memory, saved or not. A longer database outage would not go unnoticed.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(DateTimeOffset Minute, string Type, WorkflowStatus Status), long> counts = [];
    private readonly HashSet<(DateTimeOffset, string, WorkflowStatus)> unsaved = [];

    /// <summary>Counts one ended workflow.</summary>
    public void Add(string workflowType, WorkflowStatus status)
    {
        var key = (MinuteOf(clock.GetUtcNow()), workflowType, status);
        lock (gate)
        {
            counts[key] = counts.GetValueOrDefault(key) + 1;
            unsaved.Add(key);
        }
    }

    /// <summary>
    /// Returns the counts that have changed since they were saved. They are returned again until <see cref="MarkSaved"/> is called.
    /// </summary>
    public IReadOnlyList<EndedCount> Unsaved()
    {
        lock (gate)
        {
            return [.. unsaved.Select(key => new EndedCount(key.Item1, key.Item2, key.Item3, counts[key]))];
        }
    }

    /// <summary>Marks counts as saved.</summary>
    public void MarkSaved(IReadOnlyList<EndedCount> written)
    {
        var old = clock.GetUtcNow() - Kept;
        lock (gate)
        {
            foreach (var count in written)
            {
                var key = (count.Minute, count.WorkflowType, count.Status);
                if (counts.GetValueOrDefault(key) == count.Count)
                {
                    unsaved.Remove(key);
                }
            }

            foreach (var key in counts.Keys.Where(key => key.Minute < old).ToList())
            {
                counts.Remove(key);
                unsaved.Remove(key);
            }
        }
    }

    /// <summary>The start of the minute of an instant.</summary>
    public static DateTimeOffset MinuteOf(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
