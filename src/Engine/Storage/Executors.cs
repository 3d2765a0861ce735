using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>An executor that starts.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="ExecutorGroups">The groups that it serves.</param>
/// <param name="Capacity">How many workflows it runs at once.</param>
/// <param name="Now">The instant of its start.</param>
/// <param name="LeaseUntil">When it is taken for dead unless it is heard of again.</param>
public sealed record ExecutorRegistration(
    string Name,
    IReadOnlyList<string> ExecutorGroups,
    int Capacity,
    DateTimeOffset Now,
    DateTimeOffset LeaseUntil
)
{
    /// <summary>The instant of its start.</summary>
    public DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    } = Now.AsStored();

    /// <summary>When it is taken for dead unless it is heard of again.</summary>
    public DateTimeOffset LeaseUntil
    {
        get;
        init => field = value.AsStored();
    } = LeaseUntil.AsStored();
}

/// <summary>A sign of life.</summary>
/// <param name="ExecutorId">Of whom.</param>
/// <param name="Now">When.</param>
/// <param name="LeaseUntil">When it is taken for dead unless it is heard of again.</param>
public readonly record struct ExecutorHeartbeat(long ExecutorId, DateTimeOffset Now, DateTimeOffset LeaseUntil)
{
    /// <summary>When.</summary>
    public DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    } = Now.AsStored();

    /// <summary>When it is taken for dead unless it is heard of again.</summary>
    public DateTimeOffset LeaseUntil
    {
        get;
        init => field = value.AsStored();
    } = LeaseUntil.AsStored();
}

/// <summary>An executor as it is stored.</summary>
/// <param name="Id">Its id; each start has a new one.</param>
/// <param name="Name">What people call it.</param>
/// <param name="ExecutorGroups">The groups that it serves.</param>
/// <param name="Capacity">How many workflows it runs at once.</param>
/// <param name="Started">When it started.</param>
/// <param name="LastActive">When it was last heard of.</param>
/// <param name="LeaseUntil">When it is taken for dead unless it is heard of again.</param>
/// <param name="Ended">When it stopped, or was taken for dead; null while it lives.</param>
public sealed record ExecutorRecord(
    long Id,
    string Name,
    IReadOnlyList<string> ExecutorGroups,
    int Capacity,
    DateTimeOffset Started,
    DateTimeOffset LastActive,
    DateTimeOffset LeaseUntil,
    DateTimeOffset? Ended
)
{
    /// <summary>Whether it counts as alive at an instant.</summary>
    public bool IsAliveAt(DateTimeOffset now) => Ended is null && LeaseUntil >= now;
}
