using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Engine.Tests.Storage;

/// <summary>What a subscriber receives from the feed of its process.</summary>
public sealed class ChangeFeedTests
{
    private static readonly WorkflowChange[] Four =
    [
        Change(1, "Order"),
        Change(2, "Parcel", parent: 1),
        Change(3, "Parcel", parent: 7),
        Change(4, "Order"),
    ];

    [Fact]
    public void A_filter_passes_everything_or_one_workflow_type_or_family()
    {
        var feed = new ChangeFeed();
        using var everything = feed.Subscribe();
        using var workflow = feed.Subscribe(ChangeFilter.Workflow(4));
        using var type = feed.Subscribe(ChangeFilter.Type("Parcel"));
        using var family = feed.Subscribe(ChangeFilter.Family(1));
        using var nothing = feed.Subscribe(ChangeFilter.Workflow(5));

        feed.Publish(Four);

        Assert.Equal([1, 2, 3, 4], IdsOf(Next(everything)));
        Assert.Equal([4], IdsOf(Next(workflow)));
        Assert.Equal([2, 3], IdsOf(Next(type)));
        Assert.Equal([1, 2], IdsOf(Next(family)));
        Assert.False(nothing.TryRead(out _));
    }

    [Fact]
    public void Positions_increase_and_are_the_same_for_all_subscribers()
    {
        var feed = new ChangeFeed();
        using var one = feed.Subscribe();
        using var other = feed.Subscribe(ChangeFilter.Type("Order"));

        feed.Publish(Four);
        feed.PublishGap();
        feed.Publish(Four);

        FeedItem[] items = [Next(one), Next(one)];
        Assert.IsType<FeedItem.Gap>(items[0]);
        Assert.True(items[0].Position < items[1].Position);
        Assert.Equal(items.Select(item => item.Position), [Next(other).Position, Next(other).Position]);
    }

    [Fact]
    public void A_slow_subscriber_receives_one_gap_and_the_changes_after_it()
    {
        var feed = new ChangeFeed();
        using var slow = feed.Subscribe(capacity: 6);
        using var quick = feed.Subscribe(capacity: 12);

        feed.Publish(Four);
        feed.Publish(Four);
        feed.Publish([Four[0]]);

        Assert.IsType<FeedItem.Gap>(Next(slow));
        Assert.Equal([1], IdsOf(Next(slow)));
        Assert.False(slow.TryRead(out _));
        Assert.Equal([1, 2, 3, 4], IdsOf(Next(quick)));
        Assert.Equal([1, 2, 3, 4], IdsOf(Next(quick)));
        Assert.Equal([1], IdsOf(Next(quick)));
    }

    [Fact]
    public void A_subscriber_that_keeps_reading_loses_nothing()
    {
        var feed = new ChangeFeed();
        using var listener = feed.Subscribe(capacity: 4);

        for (var round = 0; round < 3; round++)
        {
            feed.Publish(Four);
            Assert.Equal([1, 2, 3, 4], IdsOf(Next(listener)));
        }
    }

    [Fact]
    public async Task Disposing_a_subscription_ends_its_pending_read()
    {
        var feed = new ChangeFeed();
        var subscription = feed.Subscribe();
        var reading = subscription.ReadAsync(TestContext.Current.CancellationToken).AsTask();

        subscription.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading);
        Assert.False(feed.HasListeners);
    }

    private static FeedItem Next(ChangeSubscription subscription)
    {
        Assert.True(subscription.TryRead(out var item));
        return item;
    }

    private static IEnumerable<long> IdsOf(FeedItem item) =>
        Assert.IsType<FeedItem.Batch>(item).Changes.Select(change => change.Id);

    private static WorkflowChange Change(long id, string type, long? parent = null) =>
        new(
            id,
            type,
            "1",
            "default",
            WorkflowStatus.InProgress,
            "State",
            PreviousState: null,
            parent,
            Lease: 1,
            Revision: 1,
            ExecutionCount: 1,
            RetryCount: 0,
            OpenChildren: 0,
            ExecutorId: null,
            NextActivation: null,
            DateTimeOffset.UnixEpoch
        );
}
