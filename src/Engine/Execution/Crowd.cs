namespace GopherFlow.Execution;

/// <summary>
/// Slows down polling that any executor can do for all of them. With more than ten executors, each polls less often, so that all together
/// poll as often as ten would.
/// </summary>
internal sealed class Crowd
{
    /// <summary>Up to this many executors poll at the normal interval.</summary>
    private const int Few = 10;

    private int executors = 1;

    /// <summary>How many executors are alive, including this one.</summary>
    public int Executors
    {
        get => Volatile.Read(ref executors);
        set => Volatile.Write(ref executors, value);
    }

    /// <summary>The polling interval of one executor.</summary>
    /// <param name="interval">The interval with up to ten executors.</param>
    public TimeSpan Stretched(TimeSpan interval) => interval * Math.Max(1.0, (double)Executors / Few);
}
