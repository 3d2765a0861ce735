namespace GopherFlow.Execution;

/// <summary>
/// Tracks calls in flight that may have claimed workflows: claims, and creates of workflows that are inserted already claimed. Until such a
/// call is answered, its claims do not count as lost.
/// </summary>
internal sealed class ClaimCalls
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, int> outstanding = [];
    private long period;

    /// <summary>Registers a call that is about to be made.</summary>
    /// <returns>The current period. Pass it to <see cref="End"/> when the claimed workflows run, or when the call has failed.</returns>
    public long Begin()
    {
        lock (gate)
        {
            outstanding[period] = outstanding.GetValueOrDefault(period) + 1;
            return period;
        }
    }

    /// <summary>Unregisters a call that has been answered.</summary>
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

    /// <summary>Ends the current period and begins a new one.</summary>
    /// <returns>The period that has ended.</returns>
    public long EndPeriod()
    {
        lock (gate)
        {
            return period++;
        }
    }

    /// <summary>Whether all calls made up to the end of a period have been answered.</summary>
    public bool AreAnsweredUpTo(long endedPeriod)
    {
        lock (gate)
        {
            return !outstanding.Keys.Any(began => began <= endedPeriod);
        }
    }
}
