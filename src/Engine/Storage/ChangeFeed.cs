namespace GopherFlow.Storage;

/// <summary>
/// Tells whoever listens in this process what has been committed, after it is durable: at once what this process commits, and a little
/// later what others do. A slow listener loses changes rather than hold up the engine. Whatever is lost is told as a gap.
/// </summary>
public sealed class ChangeFeed
{
    private readonly Lock gate = new();
    private ChangeSubscription[] subscriptions = [];
    private long position;

    /// <summary>Raised when somebody begins to listen.</summary>
    internal event Action? Subscribed;

    /// <summary>How many listen.</summary>
    internal int Listeners => Volatile.Read(ref subscriptions).Length;

    /// <summary>Whether anybody listens.</summary>
    internal bool HasListeners => Volatile.Read(ref subscriptions).Length > 0;

    /// <summary>
    /// Begins to listen. Dispose the subscription to end it. What other processes commit is heard from the first
    /// <see cref="FeedItem.Gap"/> on when nobody has listened here before.
    /// </summary>
    /// <param name="filter">Which changes; null is <see cref="ChangeFilter.Everything"/>.</param>
    /// <param name="capacity">How many unread changes are kept before they are dropped and a gap is told.</param>
    public ChangeSubscription Subscribe(ChangeFilter? filter = null, int capacity = 1024)
    {
        var subscription = new ChangeSubscription(this, filter ?? ChangeFilter.Everything, capacity);
        lock (gate)
        {
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
            foreach (var subscription in subscriptions)
            {
                subscription.Offer(position, changes);
            }
        }
    }

    /// <summary>Tells everybody that changes of other processes may be missing.</summary>
    internal void TellGap()
    {
        lock (gate)
        {
            position++;
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
        }
    }
}
