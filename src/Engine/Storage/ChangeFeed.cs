using System.Threading.Channels;

namespace GopherFlow.Storage;

/// <summary>
/// Tells whoever listens in this process what has been committed, after it is durable, in the order of the commits of each
/// workflow. Slow listeners lose changes rather than hold up the engine, and are told that they did.
/// </summary>
public sealed class ChangeFeed
{
    private readonly Lock gate = new();
    private ChangeSubscription[] subscriptions = [];

    /// <summary>Begins to listen. Dispose the subscription to end it.</summary>
    /// <param name="capacity">How many unread changes are kept before they are dropped.</param>
    /// <param name="workflowId">Only changes of this workflow, or null for all.</param>
    public ChangeSubscription Subscribe(int capacity = 1024, long? workflowId = null)
    {
        var subscription = new ChangeSubscription(this, capacity, workflowId);
        lock (gate)
        {
            subscriptions = [.. subscriptions, subscription];
        }

        return subscription;
    }

    /// <summary>Passes committed changes on. Never waits.</summary>
    internal void Publish(IReadOnlyList<WorkflowChange> changes)
    {
        foreach (var subscription in Volatile.Read(ref subscriptions))
        {
            subscription.Offer(changes);
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

/// <summary>One listener of the <see cref="ChangeFeed"/>.</summary>
public sealed class ChangeSubscription : IDisposable
{
    private readonly ChangeFeed feed;
    private readonly long? workflowId;
    private readonly Channel<WorkflowChange> unread;
    private int dropped;

    internal ChangeSubscription(ChangeFeed feed, int capacity, long? workflowId)
    {
        this.feed = feed;
        this.workflowId = workflowId;
        unread = Channel.CreateBounded<WorkflowChange>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true }
        );
    }

    /// <summary>The changes not yet read.</summary>
    public ChannelReader<WorkflowChange> Reader => unread.Reader;

    /// <summary>Whether changes were dropped since this was last asked.</summary>
    public bool TakeDropped() => Interlocked.Exchange(ref dropped, 0) == 1;

    /// <summary>Ends the subscription.</summary>
    public void Dispose()
    {
        feed.Remove(this);
        unread.Writer.TryComplete();
    }

    internal void Offer(IReadOnlyList<WorkflowChange> changes)
    {
        foreach (var change in changes)
        {
            if ((workflowId is null || workflowId == change.Id) && !unread.Writer.TryWrite(change))
            {
                Volatile.Write(ref dropped, 1);
            }
        }
    }
}
