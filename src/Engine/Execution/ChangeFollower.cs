using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>
/// Publishes the commits of other processes in this process's feed while it has listeners. It registers in the store as a listener, reads
/// what others write to the change log from then on, and publishes a gap when changes may have been missed: once all others must know about
/// the registration, and when it could not read for too long.
/// </summary>
internal sealed class ChangeFollower : IDisposable
{
    /// <summary>The number of entries to read at once.</summary>
    private const int Page = 200;

    /// <summary>How long other processes write to the change log for this process after its last renewal.</summary>
    private static readonly TimeSpan RegistrationLifetime = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long to continue following without listeners, so that a client that waits for one workflow after another does not restart it
    /// each time.
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    /// <summary>After this time without reading, unread entries may have been deleted.</summary>
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

    /// <summary>Whether it is following the change log at the moment.</summary>
    public bool IsFollowing => isFollowing;

    /// <summary>Signals that there are new entries to read.</summary>
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
        await store.Changes.ListenAsync(RegistrationLifetime, stop);
        TimeSpan? gapAt = clock.Monotonic + store.Changes.Notice;
        var positions = await ReadKnownAsync(stop);
        var (lastRead, lastNeeded) = (clock.Monotonic, clock.Monotonic);
        while (!stop.IsCancellationRequested)
        {
            var now = clock.Monotonic;
            lastNeeded = feed.HasListeners ? now : lastNeeded;
            if (now - lastNeeded >= Linger)
            {
                await store.Changes.StopListeningAsync(stop);
                return;
            }

            if (now - renewed >= RegistrationLifetime / 3)
            {
                renewed = now;
                if (!await store.Changes.ListenAsync(RegistrationLifetime, stop))
                {
                    // The registration had expired, or the server has lost both tables and positions start from 1 again.
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
                feed.PublishGap();
                gapAt = null;
            }

            if (isAll)
            {
                var next = now + store.Changes.ReadInterval;
                await signal.WaitUntilAsync(gapAt < next ? gapAt.Value : next, stop);
            }
        }
    }

    /// <summary>Starts at the current end of the log. Existing entries are not published.</summary>
    private async Task<ReadPositions> ReadKnownAsync(CancellationToken stop)
    {
        var positions = new ReadPositions();
        foreach (var position in (await store.Changes.ReadAsync(0, long.MaxValue, 1, stop)).Known)
        {
            positions.Add(position, clock.Monotonic);
        }

        return positions;
    }

    /// <returns>Whether the end of the log has been reached.</returns>
    private async Task<bool> ReadAsync(ReadPositions positions, CancellationToken stop)
    {
        positions.Settle(clock.Monotonic);
        var page = await store.Changes.ReadAsync(positions.Settled, positions.Highest, Page, stop);
        foreach (var position in page.Known.Where(position => positions.Add(position, clock.Monotonic)).ToList())
        {
            var late = await store.Changes.ReadAsync(position - 1, position - 1, 1, stop);
            Publish(late.Entries.Where(entry => entry.Position == position));
        }

        Publish(page.Entries.Where(entry => positions.Add(entry.Position, clock.Monotonic)));
        return page.Entries.Count < Page;
    }

    private void Publish(IEnumerable<LogEntry> entries)
    {
        foreach (var entry in entries)
        {
            feed.Publish(entry.Changes);
        }
    }
}
