namespace GopherFlow.Execution;

/// <summary>
/// The two threads of a lease: one that counts it and is never blocked, and one on which the store may wait for the
/// database.
/// </summary>
internal sealed class LeaseThreads : IDisposable
{
    public RoleThread Keeper { get; } = new("lease keeper");

    public RoleThread Database { get; } = new("lease");

    public void Dispose()
    {
        Keeper.Dispose();
        Database.Dispose();
    }
}
