namespace GopherFlow.Crash;

/// <summary>A database on a server, and what can be done to the server as a whole.</summary>
internal abstract class ServerCrashDatabase : CrashDatabase
{
    /// <summary>The server, if it may be stopped.</summary>
    public abstract PrivateServer? Server { get; }

    /// <summary>Others who leave the server without a place for another connection.</summary>
    public abstract Task<Crowd> NewCrowdAsync();

    /// <summary>The blows that any server bears.</summary>
    protected IEnumerable<Blow> ServerBlows()
    {
        yield return new Blow("cut all connections", CutConnectionsAsync);
        yield return new Blow("no connection left", CrowdAsync);
        if (Server is { } server)
        {
            yield return new Blow("restart of the server", stop => RestartAsync(server, stop));
        }
    }

    /// <summary>Ends every connection but those of a crowd.</summary>
    protected abstract Task CutConnectionsAsync(CancellationToken stop);

    /// <summary>Whoever had a connection has it cut, too, and finds all places taken when it comes back.</summary>
    private async Task CrowdAsync(CancellationToken stop)
    {
        await using var crowd = await NewCrowdAsync();
        await crowd.FillAsync();
        await CutConnectionsAsync(stop);
        await crowd.StayAsync(CrashOptions.Lease * 1.5, stop);
    }

    private static async Task RestartAsync(PrivateServer server, CancellationToken stop)
    {
        await server.StopAsync(stop);
        await Task.Delay(CrashOptions.Lease / 4, stop);
        await server.StartAsync(stop);
    }
}
