using System.Data.Common;

namespace GopherFlow.Crash;

/// <summary>Connections that use up all connection slots of the server, so that it refuses all others until they are disposed.</summary>
/// <param name="connect">Makes a new connection.</param>
/// <param name="isPassing">Whether the store considers an exception transient, as it must for the refusal.</param>
/// <param name="gone">Called when the connections are closed.</param>
internal sealed class Crowd(Func<Task<DbConnection>> connect, Func<Exception, bool> isPassing, Action? gone = null)
    : IAsyncDisposable
{
    private readonly List<DbConnection> heldConnections = [];

    /// <summary>The exception of the last refused connection.</summary>
    public DbException? Refusal { get; private set; }

    /// <summary>Takes every free connection slot.</summary>
    public async Task FillAsync()
    {
        while (true)
        {
            try
            {
                heldConnections.Add(await connect());
            }
            catch (DbException refusal) when (isPassing(refusal))
            {
                Refusal = refusal;
                return;
            }
        }
    }

    /// <summary>Keeps taking every slot that becomes free, for some time.</summary>
    public async Task StayAsync(TimeSpan time, CancellationToken stop)
    {
        var until = DateTimeOffset.UtcNow + time;
        while (DateTimeOffset.UtcNow < until)
        {
            await FillAsync();
            await Task.Delay(20, stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var held in heldConnections)
        {
            await held.DisposeAsync();
        }

        gone?.Invoke();
    }
}
