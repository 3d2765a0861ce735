using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace GopherFlow.Execution;

/// <summary>
/// A queue of members to commit, with a limit on concurrent transactions. A loop gathers its batch only when it has a turn, and releases
/// the turn before it delivers the outcomes, so the database does not wait between batches.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that is only awaited holds nothing to dispose.")]
internal sealed class CommitLane(int batchLimit, int concurrentWrites)
{
    public int BatchLimit => batchLimit;

    public int ConcurrentWrites => concurrentWrites;

    public Channel<CommitMember> Waiting { get; } = Channel.CreateUnbounded<CommitMember>();

    public SemaphoreSlim Turns { get; } = new(concurrentWrites);
}
