namespace GopherFlow.Storage;

/// <summary>An item that a listener receives: changes, or a gap if it may have missed some.</summary>
/// <param name="Position">Its position in the feed of this process; positions increase.</param>
public abstract record FeedItem(long Position)
{
    /// <summary>Committed changes. Those of one workflow come in the order of its commits, as long as one process runs it.</summary>
    /// <param name="Position">Its position in the feed of this process.</param>
    /// <param name="Changes">At least one.</param>
    public sealed record Batch(long Position, IReadOnlyList<WorkflowChange> Changes) : FeedItem(Position);

    /// <summary>
    /// Changes may be missing before this position. A listener that reads the rows now, and continues with the items after this one, misses
    /// nothing.
    /// </summary>
    /// <param name="Position">Its position in the feed of this process.</param>
    public sealed record Gap(long Position) : FeedItem(Position);
}
