namespace GopherFlow.Stores.Postgres;

/// <summary>Calls an action at once, and then at most once per interval, however often a call is requested.</summary>
/// <param name="call">The action. It must neither throw nor block.</param>
/// <param name="interval">The minimum time between two calls.</param>
/// <param name="clock">The clock for the interval.</param>
internal sealed class Throttle(Action call, TimeSpan interval, TimeProvider clock)
{
    private readonly Lock gate = new();
    private bool isPausing;
    private bool isAskedAgain;

    /// <summary>Requests a call, now or at the end of the current interval. Never blocks.</summary>
    public void Ask()
    {
        lock (gate)
        {
            isAskedAgain = isPausing;
            if (isPausing)
            {
                return;
            }

            isPausing = true;
        }

        call();
        _ = PauseAsync();
    }

    private async Task PauseAsync()
    {
        do
        {
            await Task.Delay(interval, clock);
        } while (CallAgain());
    }

    private bool CallAgain()
    {
        lock (gate)
        {
            isPausing = isAskedAgain;
            isAskedAgain = false;
            if (!isPausing)
            {
                return false;
            }
        }

        call();
        return true;
    }
}
