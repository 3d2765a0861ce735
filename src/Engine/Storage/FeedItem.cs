namespace GopherFlow.Storage;

/// <summary>What a listener hears: changes, or that it has missed some.</summary>
/// <param name="Position">Its place in the feed of this process; positions rise.</param>
public abstract record FeedItem(long Position)
{
    /// <summary>Changes that were committed. Those of one workflow come in the order of its commits, as long as one process runs it.</summary>
    /// <param name="Position">Its place in the feed of this process.</param>
    /// <param name="Changes">At least one.</param>
    public sealed record Batch(long Position, IReadOnlyList<WorkflowChange> Changes) : FeedItem(Position);

    /// <summary>
    /// Changes may be missing before this place. The rows say how things stand: whoever reads them now, and goes on with the items after
    /// this one, misses nothing.
    /// </summary>
    /// <param name="Position">Its place in the feed of this process.</param>
    public sealed record Gap(long Position) : FeedItem(Position);
}
