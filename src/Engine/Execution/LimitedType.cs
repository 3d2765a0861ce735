namespace GopherFlow.Execution;

/// <summary>What is known of the permits of one workflow type. Instants are those of the monotonic clock. Not thread-safe.</summary>
internal sealed class LimitedType
{
    /// <summary>
    /// Permits returned within this fraction of the mean hold time are granted in one transaction: many small commits would slow down all
    /// other workflows. On average a returned permit stays unused for half of that time.
    /// </summary>
    private const double GatheredPart = 0.2;

    /// <summary>The longest time for which returned permits are gathered.</summary>
    private static readonly TimeSpan MostGathering = TimeSpan.FromMilliseconds(100);

    private TimeSpan gatheringEnds = TimeSpan.MinValue;
    private IReadOnlyList<string> fullStates = [];

    /// <summary>When to look; the earliest instant before the first look, the latest while one is made.</summary>
    public TimeSpan NextLook { get; set; } = TimeSpan.MinValue;

    /// <summary>How long permits are held.</summary>
    public PermitHolds Holds { get; } = new();

    /// <summary>Whether it had limits at the last look.</summary>
    public bool IsLimited { get; private set; }

    /// <summary>Whether these hold for all its states, so that every workflow of it needs a permit.</summary>
    public bool NeedsAlways { get; private set; }

    /// <summary>Whether no permit was left at the last look: who asks for one then has to wait until one is given back.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The same of a state.</summary>
    public bool IsFullIn(string state) => IsFull || fullStates.Contains(state);

    /// <summary>Whether that holds for any state.</summary>
    public bool HasFullStates => fullStates.Count > 0;

    /// <summary>Whether some are known to wait.</summary>
    public bool HasWaiters { get; set; }

    /// <summary>A look begins: what is noticed from here on counts on top of what it finds.</summary>
    public void BeginLook(TimeSpan now)
    {
        NextLook = TimeSpan.MaxValue;
        var gathered = Holds.Mean * GatheredPart;
        gatheringEnds = now + (gathered < MostGathering ? gathered : MostGathering);
    }

    /// <summary>A look has found this.</summary>
    /// <param name="limits">Whether there are limits, and whether they hold for all states.</param>
    /// <param name="hasWaiters">Whether some got no permit.</param>
    /// <param name="full">Whether no permit is left, and in which states none is.</param>
    public void Settle((bool Any, bool OfType) limits, bool hasWaiters, (bool All, IReadOnlyList<string> States) full)
    {
        HasWaiters = hasWaiters || NextLook != TimeSpan.MaxValue;
        (IsLimited, NeedsAlways) = (limits.Any, limits.OfType);
        // Where nobody waits, nobody notices that a permit is given back.
        (IsFull, fullStates) = HasWaiters ? full : (false, []);
    }

    /// <summary>When a permit that is given back now is worth a look.</summary>
    public TimeSpan LookForReturned(TimeSpan now) => gatheringEnds > now ? gatheringEnds : now;

    /// <summary>Everything is to be looked at again.</summary>
    public void Forget()
    {
        (NextLook, gatheringEnds) = (TimeSpan.MinValue, TimeSpan.MinValue);
        Holds.Clear();
    }
}
