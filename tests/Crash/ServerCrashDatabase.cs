namespace GopherFlow.Crash;

/// <summary>A database on a server, and the blows to the server.</summary>
internal abstract class ServerCrashDatabase : CrashDatabase
{
    /// <summary>The server; null if it must not be stopped.</summary>
    public abstract PrivateServer? Server { get; }

    /// <summary>Connections that use up all connection slots of the server.</summary>
    public abstract Task<Crowd> NewCrowdAsync();

    /// <summary>The blows for any server.</summary>
    protected IEnumerable<Blow> ServerBlows()
    {
        yield return new Blow("cut all connections", CutConnectionsAsync);
        yield return new Blow("no connection left", CrowdAsync);
        if (Server is { } server)
        {
            yield return new Blow("restart of the server", stop => RestartAsync(server, stop));
        }
    }

    /// <summary>Kills all connections except those of a crowd.</summary>
    protected abstract Task CutConnectionsAsync(CancellationToken stop);

    /// <summary>Takes all connection slots and cuts existing connections, which then cannot reconnect.</summary>
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
