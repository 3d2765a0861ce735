namespace GopherFlow.Storage.InMemory;

/// <summary>Transactions of the in-memory store.</summary>
internal static class Locking
{
    /// <summary>Runs a transaction under the lock.</summary>
    public static Task<T> Locked<T>(this Lock gate, Func<T> transaction)
    {
        lock (gate)
        {
            return Task.FromResult(transaction());
        }
    }
}
