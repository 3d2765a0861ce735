namespace GopherFlow.Execution;

/// <summary>
/// The calls that may have claimed something whose answer is not here yet: claims, and creates of workflows that are inserted already
/// claimed. What they have claimed is not forgotten, however long the answer takes.
/// </summary>
internal sealed class ClaimCalls
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, int> outstanding = [];
    private long period;

    /// <summary>A call is about to be made.</summary>
    /// <returns>To be given to <see cref="End"/> when what it claimed runs, or when it has failed.</returns>
    public long Begin()
    {
        lock (gate)
        {
            outstanding[period] = outstanding.GetValueOrDefault(period) + 1;
            return period;
        }
    }

    /// <summary>A call has been answered.</summary>
    public void End(long began)
    {
        lock (gate)
        {
            if (--outstanding[began] == 0)
            {
                outstanding.Remove(began);
            }
        }
    }

    /// <summary>Begins a new period.</summary>
    /// <returns>The one that has ended.</returns>
    public long EndPeriod()
    {
        lock (gate)
        {
            return period++;
        }
    }

    /// <summary>Whether every call that was made up to the end of a period has been answered.</summary>
    public bool AreAnsweredUpTo(long endedPeriod)
    {
        lock (gate)
        {
            return !outstanding.Keys.Any(began => began <= endedPeriod);
        }
    }
}
