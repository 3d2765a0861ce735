namespace GopherFlow.Bench.Costs;

/// <summary>A database server, asked what it is and what it has done.</summary>
internal interface IDatabaseServer : IAsyncDisposable
{
    /// <summary>Its version, and the settings that a measurement depends on.</summary>
    Task<string> DescribeAsync();

    /// <summary>The CPU time that it has used since it started.</summary>
    ServerCpu Cpu();

    /// <summary>What it has counted since it started.</summary>
    Task<ServerCounts> CountsAsync();

    /// <summary>Waits until everybody else has gone, if it must before it can count what they did.</summary>
    Task WaitUntilAloneAsync();
}

/// <summary>What a server counts; a number that it does not keep is 0.</summary>
internal sealed record ServerCounts(long Transactions)
{
    public static ServerCounts operator -(ServerCounts after, ServerCounts before) =>
        new(after.Transactions - before.Transactions);
}

/// <summary>What went between engines and a database; null is what there is none of.</summary>
internal sealed record Traffic(long Transactions, long? RoundTrips);
