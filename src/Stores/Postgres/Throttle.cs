namespace GopherFlow.Stores.Postgres;

/// <summary>Calls at once, and then once an interval at most, however often it is asked to.</summary>
/// <param name="call">What is called. Must neither throw nor block.</param>
/// <param name="interval">The interval.</param>
/// <param name="clock">Measures it.</param>
internal sealed class Throttle(Action call, TimeSpan interval, TimeProvider clock)
{
    private readonly Lock gate = new();
    private bool isPausing;
    private bool isAskedAgain;

    /// <summary>Has it called, now or when the interval is over. Never waits.</summary>
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
