namespace GopherFlow.Storage;

/// <summary>An executor that starts. Its lease begins at the instant of its entry, by the database's clock.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Version">The version of its application; empty when unknown.</param>
/// <param name="ExecutorGroups">The groups that it serves.</param>
/// <param name="Capacity">How many workflows it runs at once.</param>
/// <param name="Lease">After how long it counts as dead unless it sends a heartbeat.</param>
public sealed record ExecutorRegistration(
    string Name,
    string Version,
    IReadOnlyList<string> ExecutorGroups,
    int Capacity,
    TimeSpan Lease
);

/// <summary>An executor that has been registered.</summary>
/// <param name="Id">Its id; each start has a new one.</param>
/// <param name="Now">The database's clock at that moment.</param>
public readonly record struct ExecutorEntry(long Id, DateTimeOffset Now);

/// <summary>A heartbeat.</summary>
/// <param name="ExecutorId">Whose.</param>
/// <param name="Lease">After how long, from now on, the executor counts as dead unless it sends another.</param>
public readonly record struct ExecutorHeartbeat(long ExecutorId, TimeSpan Lease);

/// <summary>What a heartbeat is answered.</summary>
/// <param name="IsAlive">False when the executor has already been declared dead: whatever it ran belongs to others now.</param>
/// <param name="Now">The database's clock at that moment.</param>
public readonly record struct HeartbeatAnswer(bool IsAlive, DateTimeOffset Now);

/// <summary>An executor as it is stored.</summary>
/// <param name="Id">Its id; each start has a new one.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Version">The version of its application; empty when unknown.</param>
/// <param name="ExecutorGroups">The groups that it serves.</param>
/// <param name="Capacity">How many workflows it runs at once.</param>
/// <param name="Started">When it started.</param>
/// <param name="LastActive">When its last heartbeat arrived.</param>
/// <param name="LeaseUntil">When it counts as dead unless it sends another.</param>
/// <param name="Ended">When it stopped, or was declared dead; null while it lives.</param>
public sealed record ExecutorRecord(
    long Id,
    string Name,
    string Version,
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
