namespace GopherFlow.Execution;

/// <summary>The permit granter's state for one workflow type. Instants are those of the monotonic clock. Not thread-safe.</summary>
internal sealed class LimitedType
{
    /// <summary>
    /// Permits returned within this fraction of the mean hold time are granted in one transaction, because many small commits would slow
    /// down all other workflows. On average, a returned permit stays unused for half of that time.
    /// </summary>
    private const double GatheredPart = 0.2;

    /// <summary>The longest time for which returned permits are collected.</summary>
    private static readonly TimeSpan MostGathering = TimeSpan.FromMilliseconds(100);

    private TimeSpan gatheringEnds = TimeSpan.MinValue;
    private IReadOnlyList<string> fullStates = [];

    /// <summary>When to grant next: the minimum value before the first time, the maximum value while permits are being granted.</summary>
    public TimeSpan NextPoll { get; set; } = TimeSpan.MinValue;

    /// <summary>Measures how long permits are held.</summary>
    public PermitHolds Holds { get; } = new();

    /// <summary>Whether the type had limits at the last claim.</summary>
    public bool IsLimited { get; private set; }

    /// <summary>Whether the type itself has limits, so every one of its workflows needs a permit.</summary>
    public bool NeedsAlways { get; private set; }

    /// <summary>Whether no permit was left after the last claim, so workflows must wait until one is returned.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Whether no permit was left for a state.</summary>
    public bool IsFullIn(string state) => IsFull || fullStates.Contains(state);

    /// <summary>Whether no permit was left for at least one state.</summary>
    public bool HasFullStates => fullStates.Count > 0;

    /// <summary>Whether workflows are known to wait for permits.</summary>
    public bool HasWaiters { get; set; }

    /// <summary>Called before permits are granted. What is noticed from here on is handled in addition to the result.</summary>
    public void BeginClaim(TimeSpan now)
    {
        NextPoll = TimeSpan.MaxValue;
        var gathered = Holds.Mean * GatheredPart;
        gatheringEnds = now + (gathered < MostGathering ? gathered : MostGathering);
    }

    /// <summary>Called with the result after permits have been granted.</summary>
    /// <param name="limits">Whether there are limits, and whether any of them applies to the whole type.</param>
    /// <param name="hasWaiters">Whether some workflows got no permit.</param>
    /// <param name="full">Whether no permit is left at all, and the states in which none is left.</param>
    public void Settle((bool Any, bool OfType) limits, bool hasWaiters, (bool All, IReadOnlyList<string> States) full)
    {
        HasWaiters = hasWaiters || NextPoll != TimeSpan.MaxValue;
        (IsLimited, NeedsAlways) = (limits.Any, limits.OfType);
        // Without waiters, returned permits are not noticed, so full must not be remembered.
        (IsFull, fullStates) = HasWaiters ? full : (false, []);
    }

    /// <summary>When to grant a permit that is returned now.</summary>
    public TimeSpan LookForReturned(TimeSpan now) => gatheringEnds > now ? gatheringEnds : now;

    /// <summary>Resets the state, so that permits are granted immediately.</summary>
    public void Forget()
    {
        (NextPoll, gatheringEnds) = (TimeSpan.MinValue, TimeSpan.MinValue);
        Holds.Clear();
    }
}
