namespace GopherFlow.Execution;

/// <summary>
/// Collects the members of each transaction of a loop. Every member that it takes gets an outcome, even after a failure, so no caller waits
/// forever.
/// </summary>
internal sealed class CommitBatch(CommitLane lane)
{
    private readonly HashSet<long> workflows = new(lane.BatchLimit);

    /// <summary>A member taken from the queue that must not share a transaction with the current members.</summary>
    private CommitMember? next;

    public List<CommitMember> Members { get; } = new(lane.BatchLimit);

    /// <summary>Waits until there is something to write.</summary>
    /// <returns>False if the queue is completed and empty.</returns>
    public ValueTask<bool> WaitAsync() =>
        next is null ? lane.Waiting.Reader.WaitToReadAsync(CancellationToken.None) : new ValueTask<bool>(true);

    /// <summary>Starts the next transaction with all waiting members that may share it.</summary>
    public void Gather()
    {
        Members.Clear();
        workflows.Clear();
        while (Members.Count < lane.BatchLimit && (next ??= Take()) is { } member && member.TryJoin(workflows))
        {
            Members.Add(member);
            next = null;
        }
    }

    /// <summary>Fails all members that have no outcome yet.</summary>
    public void Fail(Exception failure)
    {
        Members.ForEach(member => member.Fail(failure));
        next?.Fail(failure);
    }

    /// <summary>Takes the next member that was not withdrawn, or returns null.</summary>
    private CommitMember? Take()
    {
        while (lane.Waiting.Reader.TryRead(out var member))
        {
            if (member.TryTake())
            {
                return member;
            }
        }

        return null;
    }
}
