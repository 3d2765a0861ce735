namespace GopherFlow.Execution;

/// <summary>
/// Tracks the positions of the change log that have been read. A transaction takes its position before it commits, so a lower position may
/// become visible after a higher one. For some time, unread positions between those that were read may therefore still appear.
/// </summary>
internal sealed class ReadPositions
{
    /// <summary>
    /// How long to look for missing positions. By then, a transaction that has taken its position is committed, or its process records the
    /// changes once more.
    /// </summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<(long Position, TimeSpan At)> recent = [];
    private readonly HashSet<long> read = [];

    /// <summary>No new entries are expected up to this position: all were read, or have been missing for too long.</summary>
    public long Settled { get; private set; }

    /// <summary>The highest position that was read.</summary>
    public long Highest { get; private set; }

    /// <summary>Marks a position as read.</summary>
    /// <returns>False if it had already been read.</returns>
    public bool Add(long position, TimeSpan now)
    {
        if (position <= Settled || !read.Add(position))
        {
            return false;
        }

        recent.Enqueue((position, now));
        Highest = Math.Max(Highest, position);
        Advance();
        return true;
    }

    /// <summary>Settles the positions that were read long enough ago.</summary>
    public void Settle(TimeSpan now)
    {
        while (recent.TryPeek(out var oldest) && now - oldest.At > Window)
        {
            recent.Dequeue();
            read.Remove(oldest.Position);
            Settled = Math.Max(Settled, oldest.Position);
        }

        Advance();
    }

    private void Advance()
    {
        while (read.Remove(Settled + 1))
        {
            Settled++;
        }
    }
}
