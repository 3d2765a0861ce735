namespace GopherFlow.Storage;

/// <summary>
/// Tells the listeners of this process what has been committed, after it is durable: what this process commits at once, what others
/// commit a little later. A slow listener loses changes rather than hold up the engine; a gap says so.
/// </summary>
public sealed class ChangeFeed
{
    /// <summary>Changes that are kept for listeners that come back.</summary>
    private const int MostRecent = 10_000;

    private readonly Lock gate = new();
    private readonly Queue<FeedItem.Batch> recent = new();
    private int recentChanges;
    private ChangeSubscription[] subscriptions = [];
    private long position;

    /// <summary>Up to where nothing is kept, and nothing can be gone on from.</summary>
    private long forgotten = -1;

    /// <summary>Raised when a listener subscribes.</summary>
    internal event Action? Subscribed;

    /// <summary>How many listen.</summary>
    internal int Listeners => Volatile.Read(ref subscriptions).Length;

    /// <summary>Whether anybody listens.</summary>
    internal bool HasListeners => Volatile.Read(ref subscriptions).Length > 0;

    /// <summary>
    /// Begins to listen. Dispose the subscription to end it. What other processes commit arrives after the
    /// first <see cref="FeedItem.Gap"/> when there was no listener here before.
    /// </summary>
    /// <param name="filter">Which changes; null is <see cref="ChangeFilter.Everything"/>.</param>
    /// <param name="capacity">How many unread changes are kept before they are dropped and the listener gets a gap.</param>
    /// <param name="after">
    /// The position of the last item that the listener has received, for one that comes back: it gets what came since, or a
    /// <see cref="FeedItem.Gap"/> when that is not kept any more. Null for one that is new.
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

    /// <summary>Passes committed changes on. Never waits.</summary>
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

    /// <summary>What comes from here on does not follow what was kept.</summary>
    private void Forget()
    {
        recent.Clear();
        recentChanges = 0;
        forgotten = position;
    }

    /// <summary>Tells everybody that changes of other processes may be missing.</summary>
    internal void TellGap()
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
