using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace GopherFlow.Execution;

/// <summary>
/// Members that wait, and how many transactions may be under way. A batch is gathered when its turn has come, not before, and the
/// turn is given back before the batch is settled: what has gathered meanwhile goes to the database without a gap.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that is only awaited has nothing to dispose of.")]
internal sealed class CommitLane(int batchLimit, int concurrentWrites)
{
    public int BatchLimit => batchLimit;

    public int ConcurrentWrites => concurrentWrites;

    public Channel<CommitMember> Waiting { get; } = Channel.CreateUnbounded<CommitMember>();

    public SemaphoreSlim Turns { get; } = new(concurrentWrites);
}
