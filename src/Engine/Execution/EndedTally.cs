using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>How many workflows the steps of this executor have brought to an end, by the minute.</summary>
internal sealed class EndedTally(TimeProvider clock)
{
    /// <summary>Longer than a database is away without anybody noticing; what is older is forgotten, saved or not.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(DateTimeOffset Minute, string Type, WorkflowStatus Status), long> counts = [];
    private readonly HashSet<(DateTimeOffset, string, WorkflowStatus)> unsaved = [];

    /// <summary>Counts one.</summary>
    public void Add(string workflowType, WorkflowStatus status)
    {
        var key = (MinuteOf(clock.GetUtcNow()), workflowType, status);
        lock (gate)
        {
            counts[key] = counts.GetValueOrDefault(key) + 1;
            unsaved.Add(key);
        }
    }

    /// <summary>The sums that have changed since they were saved; they are given again unless <see cref="MarkSaved"/> follows.</summary>
    public IReadOnlyList<EndedCount> Unsaved()
    {
        lock (gate)
        {
            return [.. unsaved.Select(key => new EndedCount(key.Item1, key.Item2, key.Item3, counts[key]))];
        }
    }

    /// <summary>These have been written.</summary>
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
