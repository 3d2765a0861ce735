namespace GopherFlow.Execution;

/// <summary>
/// Which positions of the change log were read. A transaction takes its position before it commits, so a lower one may become visible
/// after a higher one: whatever turns up between those that were read is new, for a while.
/// </summary>
internal sealed class ReadPositions
{
    /// <summary>By then a transaction that has its position is committed, or its process writes it down once more.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<(long Position, TimeSpan At)> recent = [];
    private readonly HashSet<long> read = [];

    /// <summary>Nothing new appears up to here: every position was read, or has been missing too long to exist.</summary>
    public long Settled { get; private set; }

    /// <summary>The highest position that was read.</summary>
    public long Highest { get; private set; }

    /// <summary>A position was read.</summary>
    /// <returns>False when it had been read before.</returns>
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

    /// <summary>Forgets what was read long enough ago.</summary>
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
