namespace GopherFlow.Storage;

/// <summary>What a listener receives: changes, or a gap when it has missed some.</summary>
/// <param name="Position">Its place in the feed of this process; positions rise.</param>
public abstract record FeedItem(long Position)
{
    /// <summary>Changes that were committed. Those of one workflow come in the order of its commits, as long as one process runs it.</summary>
    /// <param name="Position">Its place in the feed of this process.</param>
    /// <param name="Changes">At least one.</param>
    public sealed record Batch(long Position, IReadOnlyList<WorkflowChange> Changes) : FeedItem(Position);

    /// <summary>
    /// Changes may be missing before this place. A listener that reads the rows now, and continues with the items after this one, misses
    /// nothing.
    /// </summary>
    /// <param name="Position">Its place in the feed of this process.</param>
    public sealed record Gap(long Position) : FeedItem(Position);
}
