namespace GopherFlow.Storage;

/// <summary>
/// Publishes what has been committed to the listeners of this process, once it is durable: changes of this process at once, changes of
/// other processes a little later. A slow listener does not block the engine: it loses changes and gets a gap instead.
/// </summary>
public sealed class ChangeFeed
{
    /// <summary>The number of changes kept for listeners that reconnect.</summary>
    private const int MostRecent = 10_000;

    private readonly Lock gate = new();
    private readonly Queue<FeedItem.Batch> recent = new();
    private int recentChanges;
    private ChangeSubscription[] subscriptions = [];
    private long position;

    /// <summary>The last position that is no longer kept. A listener can continue from this position or a later one.</summary>
    private long forgotten = -1;

    /// <summary>Raised when a listener subscribes.</summary>
    internal event Action? Subscribed;

    /// <summary>The number of subscriptions.</summary>
    internal int Listeners => Volatile.Read(ref subscriptions).Length;

    internal bool HasListeners => Volatile.Read(ref subscriptions).Length > 0;

    /// <summary>
    /// Starts to listen. Dispose the subscription to stop. If there was no listener in this process before, changes of other processes
    /// arrive only after the first <see cref="FeedItem.Gap"/>.
    /// </summary>
    /// <param name="filter">Which changes to receive; null means <see cref="ChangeFilter.Everything"/>.</param>
    /// <param name="capacity">
    /// The maximum number of unread changes. If there are more, they are dropped and the listener gets a gap.
    /// </param>
    /// <param name="after">
    /// For a listener that reconnects: the position of the last item that it has received. It gets everything since then, or a
    /// <see cref="FeedItem.Gap"/> if that is no longer kept. Null for a new listener.
    /// </param>
    public ChangeSubscription Subscribe(ChangeFilter? filter = null, int capacity = 1024, long? after = null)
    {
        ChangeSubscription subscription;
        lock (gate)
        {
            subscription = new ChangeSubscription(this, filter ?? ChangeFilter.Everything, capacity, position);
            if (after is { } last)
            {
                OfferSince(last, subscription);
            }

            subscriptions = [.. subscriptions, subscription];
        }

        Subscribed?.Invoke();
        return subscription;
    }

    /// <summary>Publishes committed changes to all subscriptions. Never blocks.</summary>
    internal void Publish(IReadOnlyList<WorkflowChange> changes)
    {
        if (changes.Count == 0 || !HasListeners)
        {
            return;
        }

        lock (gate)
        {
            position++;
            Keep(new FeedItem.Batch(position, changes));
            foreach (var subscription in subscriptions)
            {
                subscription.Offer(position, changes);
            }
        }
    }

    private void OfferSince(long last, ChangeSubscription subscription)
    {
        if (last < forgotten || last > position)
        {
            subscription.OfferGap(position);
            return;
        }

        foreach (var batch in recent.Where(batch => batch.Position > last))
        {
            subscription.Offer(batch.Position, batch.Changes);
        }
    }

    private void Keep(FeedItem.Batch batch)
    {
        recent.Enqueue(batch);
        recentChanges += batch.Changes.Count;
        while (recentChanges > MostRecent)
        {
            var oldest = recent.Dequeue();
            recentChanges -= oldest.Changes.Count;
            forgotten = oldest.Position;
        }
    }

    /// <summary>Drops everything that is kept: changes from here on do not follow it without a gap.</summary>
    private void Forget()
    {
        recent.Clear();
        recentChanges = 0;
        forgotten = position;
    }

    /// <summary>Gives every listener a gap, because changes of other processes may be missing.</summary>
    internal void PublishGap()
    {
        lock (gate)
        {
            position++;
            Forget();
            foreach (var subscription in subscriptions)
            {
                subscription.OfferGap(position);
            }
        }
    }

    internal void Remove(ChangeSubscription subscription)
    {
        lock (gate)
        {
            subscriptions = [.. subscriptions.Where(other => other != subscription)];
            if (subscriptions.Length == 0)
            {
                position++;
                Forget();
            }
        }
    }
}
