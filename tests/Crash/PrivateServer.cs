using System.Data.Common;
using GopherFlow.TestSupport;

namespace GopherFlow.Crash;

/// <summary>
/// The server that <c>build.fsx</c> has started for the tests. It is stopped gracefully while a file named <c>away</c> exists, and
/// started again when the file is deleted.
/// </summary>
internal sealed class PrivateServer
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly string away;
    private readonly Func<Task<DbConnection>> connect;

    private PrivateServer(string folder, Func<Task<DbConnection>> connect)
    {
        away = Path.Combine(folder, "away");
        this.connect = connect;
    }

    /// <summary>The server of a kind; null for a server configured by the user, which is not stopped.</summary>
    /// <param name="kind">The kind of the server.</param>
    /// <param name="connect">Opens a new connection to it.</param>
    public static PrivateServer? Find(StoreKind kind, Func<Task<DbConnection>> connect) =>
        Environment.GetEnvironmentVariable($"GFLOW_TEST_{kind.ToString().ToUpperInvariant()}_FOLDER")
            is { Length: > 0 } folder
            ? new PrivateServer(folder, connect)
            : null;

    /// <summary>Stops it gracefully, and waits until it does not answer any more.</summary>
    public async Task StopAsync(CancellationToken stop)
    {
        await File.WriteAllTextAsync(away, "", stop);
        await UntilAsync(async () => !await AnswersAsync(), stop);
    }

    /// <summary>Starts it, and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        File.Delete(away);
        await UntilAsync(AnswersAsync, stop);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = await connect();
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, CancellationToken stop)
    {
        var deadline = DateTimeOffset.UtcNow + WaitTimeout;
        while (!await condition())
        {
            if (DateTimeOffset.UtcNow > deadline)
            {
                throw new TimeoutException($"The server did not stop or start within {WaitTimeout}.");
            }

            await Task.Delay(50, stop);
        }
    }
}
