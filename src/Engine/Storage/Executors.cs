namespace GopherFlow.Storage;

/// <summary>An executor that starts. Its lease begins when it is registered, by the database's clock.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Version">The version of its application; empty when unknown.</param>
/// <param name="ExecutorGroups">The groups that it serves.</param>
/// <param name="Capacity">How many workflows it runs at once.</param>
/// <param name="Lease">How long after its last heartbeat it counts as dead.</param>
public sealed record ExecutorRegistration(
    string Name,
    string Version,
    IReadOnlyList<string> ExecutorGroups,
    int Capacity,
    TimeSpan Lease
);

/// <summary>A registered executor.</summary>
/// <param name="Id">Its id; each start gets a new one.</param>
/// <param name="Now">The database's clock at that moment.</param>
public readonly record struct ExecutorEntry(long Id, DateTimeOffset Now);

/// <summary>A heartbeat.</summary>
/// <param name="ExecutorId">The executor.</param>
/// <param name="Lease">How long from now on the executor counts as alive without another heartbeat.</param>
public readonly record struct ExecutorHeartbeat(long ExecutorId, TimeSpan Lease);

/// <summary>The answer to a heartbeat.</summary>
/// <param name="IsAlive">False if the executor has already been declared dead; its workflows now belong to others.</param>
/// <param name="Now">The database's clock at that moment.</param>
public readonly record struct HeartbeatAnswer(bool IsAlive, DateTimeOffset Now);

/// <summary>An executor as it is stored.</summary>
/// <param name="Id">Its id; each start gets a new one.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Version">The version of its application; empty when unknown.</param>
/// <param name="ExecutorGroups">The groups that it serves.</param>
/// <param name="Capacity">How many workflows it runs at once.</param>
/// <param name="Started">When it started.</param>
/// <param name="LastActive">When its last heartbeat arrived.</param>
/// <param name="LeaseUntil">When it counts as dead unless it sends another heartbeat.</param>
/// <param name="Ended">When it stopped or was declared dead; null while it is alive.</param>
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
