using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace GopherFlow.Storage;

/// <summary>One listener of the <see cref="ChangeFeed"/>. It must be read by one reader at a time.</summary>
public sealed class ChangeSubscription : IDisposable
{
    private readonly Lock gate = new();
    private readonly ChangeFeed feed;
    private readonly ChangeFilter filter;
    private readonly int capacity;
    private readonly Channel<FeedItem> unread = Channel.CreateUnbounded<FeedItem>();
    private int unreadChanges;

    internal ChangeSubscription(ChangeFeed feed, ChangeFilter filter, int capacity, long start)
    {
        Start = start;
        this.feed = feed;
        this.filter = filter;
        this.capacity = capacity;
    }

    /// <summary>The position of the feed when the subscription began.</summary>
    public long Start { get; }

    /// <summary>Waits until there is something to read.</summary>
    /// <returns>False if the subscription has ended.</returns>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellation = default) =>
        unread.Reader.WaitToReadAsync(cancellation);

    /// <summary>Takes the next item, if there is one.</summary>
    public bool TryRead([NotNullWhen(true)] out FeedItem? item)
    {
        lock (gate)
        {
            if (!unread.Reader.TryRead(out item))
            {
                return false;
            }

            unreadChanges -= Changes(item);
            return true;
        }
    }

    /// <summary>Waits for the next item.</summary>
    /// <exception cref="ObjectDisposedException">The subscription has ended.</exception>
    public async ValueTask<FeedItem> ReadAsync(CancellationToken cancellation = default)
    {
        while (await WaitToReadAsync(cancellation))
        {
            if (TryRead(out var item))
            {
                return item;
            }
        }

        throw new ObjectDisposedException(nameof(ChangeSubscription));
    }

    /// <summary>Ends the subscription.</summary>
    public void Dispose()
    {
        feed.Remove(this);
        unread.Writer.TryComplete();
    }

    internal void Offer(long position, IReadOnlyList<WorkflowChange> changes)
    {
        var wanted = filter.Of(changes);
        if (wanted.Count == 0)
        {
            return;
        }

        lock (gate)
        {
            if (unreadChanges + wanted.Count > capacity)
            {
                DropUnread(position);
                return;
            }

            unreadChanges += wanted.Count;
            unread.Writer.TryWrite(new FeedItem.Batch(position, wanted));
        }
    }

    internal void OfferGap(long position)
    {
        lock (gate)
        {
            DropUnread(position);
        }
    }

    /// <summary>A listener reads the rows after a gap, and these are newer than all unread changes.</summary>
    private void DropUnread(long position)
    {
        while (unread.Reader.TryRead(out _)) { }

        unreadChanges = 0;
        unread.Writer.TryWrite(new FeedItem.Gap(position));
    }

    private static int Changes(FeedItem item) => item is FeedItem.Batch batch ? batch.Changes.Count : 0;
}
