using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>
/// Tells this process's feed what other processes commit, while anybody listens to it. It says in the store that it listens, reads what
/// they write down from then on, and tells a gap when something may have been missed: before all others knew of it, and when it could not
/// read for longer than entries are kept.
/// </summary>
internal sealed class ChangeFollower : IDisposable
{
    /// <summary>Entries that are read at once.</summary>
    private const int Page = 200;

    /// <summary>How long others write for a process that says nothing more.</summary>
    private static readonly TimeSpan Tenure = TimeSpan.FromSeconds(15);

    /// <summary>How long it continues following without a reader: a client that waits for one workflow after the other need not start it each time.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    /// <summary>After that, what was not read may be gone.</summary>
    private static readonly TimeSpan LongestSilence = IChangeLog.Kept / 2;

    private readonly IWorkflowStore store;
    private readonly ChangeFeed feed;
    private readonly DatabaseClock clock;
    private readonly Signal signal;
    private volatile bool isFollowing;

    public ChangeFollower(IWorkflowStore store, ChangeFeed feed, DatabaseClock clock)
    {
        this.store = store;
        this.feed = feed;
        this.clock = clock;
        signal = new Signal(clock);
        feed.Subscribed += signal.Set;
    }

    /// <summary>Whether it reads now.</summary>
    public bool IsFollowing => isFollowing;

    /// <summary>There is something new to read.</summary>
    public void Wake() => signal.Set();

    /// <summary>Follows while there are listeners, until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!feed.HasListeners)
            {
                await signal.WaitAsync(stop);
                continue;
            }

            isFollowing = true;
            try
            {
                await FollowAsync(stop);
            }
            finally
            {
                isFollowing = false;
            }
        }
    }

    public void Dispose() => feed.Subscribed -= signal.Set;

    private async Task FollowAsync(CancellationToken stop)
    {
        var renewed = clock.Monotonic;
        await store.Changes.ListenAsync(Tenure, stop);
        TimeSpan? gapAt = clock.Monotonic + store.Changes.Notice;
        var positions = await ReadKnownAsync(stop);
        var (lastRead, lastHeard) = (clock.Monotonic, clock.Monotonic);
        while (!stop.IsCancellationRequested)
        {
            var now = clock.Monotonic;
            lastHeard = feed.HasListeners ? now : lastHeard;
            if (now - lastHeard >= Linger)
            {
                await store.Changes.StopListeningAsync(stop);
                return;
            }

            if (now - renewed >= Tenure / 3)
            {
                renewed = now;
                if (!await store.Changes.ListenAsync(Tenure, stop))
                {
                    // Nobody has written for this process, or the server has lost both tables: then positions count from 1 again.
                    positions = await ReadKnownAsync(stop);
                    gapAt = clock.Monotonic + store.Changes.Notice;
                }
            }

            if (now - lastRead > LongestSilence)
            {
                positions = await ReadKnownAsync(stop);
                gapAt ??= now;
            }

            lastRead = now;
            var isAll = await ReadAsync(positions, stop);
            if (gapAt <= now)
            {
                feed.TellGap();
                gapAt = null;
            }

            if (isAll)
            {
                var next = now + store.Changes.ReadInterval;
                await signal.WaitUntilAsync(gapAt < next ? gapAt.Value : next, stop);
            }
        }
    }

    /// <summary>Starts at the current end of the log: what is written already is not passed on.</summary>
    private async Task<ReadPositions> ReadKnownAsync(CancellationToken stop)
    {
        var positions = new ReadPositions();
        foreach (var position in (await store.Changes.ReadAsync(0, long.MaxValue, 1, stop)).Known)
        {
            positions.Add(position, clock.Monotonic);
        }

        return positions;
    }

    /// <returns>Whether that was all there is.</returns>
    private async Task<bool> ReadAsync(ReadPositions positions, CancellationToken stop)
    {
        positions.Settle(clock.Monotonic);
        var page = await store.Changes.ReadAsync(positions.Settled, positions.Highest, Page, stop);
        foreach (var position in page.Known.Where(position => positions.Add(position, clock.Monotonic)).ToList())
        {
            var late = await store.Changes.ReadAsync(position - 1, position - 1, 1, stop);
            Tell(late.Entries.Where(entry => entry.Position == position));
        }

        Tell(page.Entries.Where(entry => positions.Add(entry.Position, clock.Monotonic)));
        return page.Entries.Count < Page;
    }

    private void Tell(IEnumerable<LogEntry> entries)
    {
        foreach (var entry in entries)
        {
            feed.Publish(entry.Changes);
        }
    }
}
