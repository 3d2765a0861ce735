namespace GopherFlow.Execution;

/// <summary>
/// The members of one transaction after the other. Whatever happens, every member that it took gets an outcome, so that no caller waits
/// for ever.
/// </summary>
internal sealed class CommitBatch(CommitLane lane)
{
    private readonly HashSet<long> workflows = new(lane.BatchLimit);

    /// <summary>Taken from the queue, but not to share a transaction with the members.</summary>
    private CommitMember? next;

    public List<CommitMember> Members { get; } = new(lane.BatchLimit);

    /// <summary>Waits until there is something to write.</summary>
    /// <returns>False when there never will be.</returns>
    public ValueTask<bool> WaitAsync() =>
        next is null ? lane.Waiting.Reader.WaitToReadAsync(CancellationToken.None) : new ValueTask<bool>(true);

    /// <summary>Begins the next transaction with all that waits and may share it.</summary>
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

    /// <summary>Fails whatever has no outcome yet.</summary>
    public void Fail(Exception failure)
    {
        Members.ForEach(member => member.Fail(failure));
        next?.Fail(failure);
    }

    /// <summary>The next that was not withdrawn, or null.</summary>
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
