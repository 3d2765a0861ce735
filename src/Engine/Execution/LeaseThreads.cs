namespace GopherFlow.Execution;

/// <summary>
/// The two threads of a lease: one that measures it and never blocks, and one on which the store may block while it waits for the database.
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
