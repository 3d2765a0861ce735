namespace GopherFlow.Bench.Costs;

/// <summary>Information and statistics about a database server.</summary>
internal interface IDatabaseServer : IAsyncDisposable
{
    /// <summary>Its version and the settings that affect a measurement.</summary>
    Task<string> DescribeAsync();

    /// <summary>Its CPU time since it started.</summary>
    ServerCpu Cpu();

    /// <summary>Its counters since it started.</summary>
    Task<ServerCounts> CountsAsync();

    /// <summary>Waits until all other connections are closed, if their work is only counted then.</summary>
    Task WaitUntilAloneAsync();
}

/// <summary>The counters of a server. A counter that it does not have is 0.</summary>
internal sealed record ServerCounts(long Transactions)
{
    public static ServerCounts operator -(ServerCounts after, ServerCounts before) =>
        new(after.Transactions - before.Transactions);
}

/// <summary>The traffic between engines and a database; null for values that do not exist.</summary>
internal sealed record Traffic(long Transactions, long? RoundTrips);
