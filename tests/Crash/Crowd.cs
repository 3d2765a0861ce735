using System.Data.Common;

namespace GopherFlow.Crash;

/// <summary>Connections of others, as many as the server takes: it refuses everybody else until they have gone.</summary>
/// <param name="connect">Makes a new connection.</param>
/// <param name="isPassing">Whether the store takes an exception for one that passes, as it must take the refusal.</param>
/// <param name="gone">Called when they have gone.</param>
internal sealed class Crowd(Func<Task<DbConnection>> connect, Func<Exception, bool> isPassing, Action? gone = null)
    : IAsyncDisposable
{
    private readonly List<DbConnection> guests = [];

    /// <summary>How the server refused the last that came.</summary>
    public DbException? Refusal { get; private set; }

    /// <summary>Takes every place that is free.</summary>
    public async Task FillAsync()
    {
        while (true)
        {
            try
            {
                guests.Add(await connect());
            }
            catch (DbException refusal) when (isPassing(refusal))
            {
                Refusal = refusal;
                return;
            }
        }
    }

    /// <summary>Takes every place that becomes free, for some time.</summary>
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
        foreach (var guest in guests)
        {
            await guest.DisposeAsync();
        }

        gone?.Invoke();
    }
}
