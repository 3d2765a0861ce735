namespace GopherFlow.Execution;

/// <summary>
/// How many executors share the database. Looks for work that any of them may do are made less often by each, so that an idle database is
/// asked no more by many executors than by ten, and one of them looks as soon as before.
/// </summary>
internal sealed class Crowd
{
    /// <summary>Up to this many executors look at their own pace.</summary>
    private const int Few = 10;

    private int executors = 1;

    /// <summary>How many executors are alive, this one included.</summary>
    public int Executors
    {
        get => Volatile.Read(ref executors);
        set => Volatile.Write(ref executors, value);
    }

    /// <summary>How long to wait for the next look of one executor.</summary>
    /// <param name="interval">How long one of a few waits.</param>
    public TimeSpan Stretched(TimeSpan interval) => interval * Math.Max(1.0, (double)Executors / Few);
}
