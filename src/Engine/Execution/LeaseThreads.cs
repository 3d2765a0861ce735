namespace GopherFlow.Execution;

/// <summary>
/// The two threads of a lease: one that counts it and is never blocked, and one from which the heartbeats are sent, where the store may
/// wait for the database.
/// </summary>
internal sealed class LeaseThreads : IDisposable
{
    public RoleThread Keeper { get; } = new("lease keeper");

    public RoleThread Heartbeats { get; } = new("heartbeats");

    public void Dispose()
    {
        Keeper.Dispose();
        Heartbeats.Dispose();
    }
}
