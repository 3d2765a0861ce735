using System.Collections.Immutable;

namespace GopherFlow.Authoring;

/// <summary>How the delay between two attempts of a state grows.</summary>
public enum RetryGrowth
{
    /// <summary>From the shortest delay to the longest in equal steps, without jitter, as in the Go system.</summary>
    Linear,

    /// <summary>Doubles from the shortest delay up to the longest, each with jitter.</summary>
    Exponential,
}

/// <summary>
/// What happens when a state fails: it is run again up to <see cref="MaxRetries"/> times (so it runs at most
/// <c>MaxRetries + 1</c> times), then the workflow becomes FAILED. The count restarts with each state that the workflow reaches.
/// </summary>
public sealed record RetryPolicy
{
    private RetryPolicy(RetryGrowth growth, int maxRetries, TimeSpan minDelay, TimeSpan maxDelay)
    {
        Growth = growth;
        MaxRetries = maxRetries;
        MinDelay = minDelay;
        MaxDelay = maxDelay;
    }

    /// <summary>The policy of a definition that sets none: linear, 10 retries, delays from 10 seconds to 60 minutes.</summary>
    public static RetryPolicy Default { get; } = Linear(10, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(60));

    /// <summary>No retry: the first failure makes the workflow FAILED.</summary>
    public static RetryPolicy None { get; } = Linear(0, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>The policies for specific exception types, in the order in which they were added.</summary>
    internal ImmutableArray<(Type Exception, RetryPolicy Policy)> Exceptions { get; private init; } = [];

    /// <summary>How the delay grows.</summary>
    public RetryGrowth Growth { get; }

    /// <summary>How many times a failed state is run again.</summary>
    public int MaxRetries { get; }

    /// <summary>The delay before the first retry.</summary>
    public TimeSpan MinDelay { get; }

    /// <summary>The longest delay.</summary>
    public TimeSpan MaxDelay { get; }

    /// <summary>
    /// Delays that grow in equal steps from <paramref name="minDelay"/> to <paramref name="maxDelay"/>, like the Go system's sliding
    /// interval: with 10 retries from 10 s to 60 min, the delays are 10 s, 369 s, 728 s and so on.
    /// </summary>
    public static RetryPolicy Linear(int maxRetries, TimeSpan minDelay, TimeSpan maxDelay) =>
        new(RetryGrowth.Linear, maxRetries, minDelay, maxDelay);

    /// <summary>
    /// Delays that double from <paramref name="minDelay"/> up to <paramref name="maxDelay"/>, with equal jitter: half of each delay is
    /// fixed and half is random. This keeps workflows that failed at the same time from being retried at the same time.
    /// </summary>
    public static RetryPolicy Exponential(int maxRetries, TimeSpan minDelay, TimeSpan maxDelay) =>
        new(RetryGrowth.Exponential, maxRetries, minDelay, maxDelay);

    internal static RetryPolicy Of(RetryGrowth growth, int maxRetries, double minSeconds, double maxSeconds) =>
        new(growth, maxRetries, TimeSpan.FromSeconds(minSeconds), TimeSpan.FromSeconds(maxSeconds));

    /// <summary>
    /// Adds a different policy for one type of exception. The first match applies, so add the most specific types first. All retries of a
    /// state share one count, whatever the exception.
    /// </summary>
    /// <typeparam name="TException">The type of the exception. Derived types match too.</typeparam>
    /// <param name="policy">The policy for it, such as <see cref="None"/>.</param>
    public RetryPolicy On<TException>(RetryPolicy policy)
        where TException : Exception => this with { Exceptions = Exceptions.Add((typeof(TException), policy)) };

    internal RetryPolicy WithFirst(IEnumerable<(Type Exception, RetryPolicy Policy)> exceptions) =>
        this with
        {
            Exceptions = [.. exceptions, .. Exceptions],
        };

    /// <summary>The policy that applies to an exception.</summary>
    internal RetryPolicy For(Exception failure)
    {
        foreach (var (exception, policy) in Exceptions)
        {
            if (exception.IsInstanceOfType(failure))
            {
                return policy.For(failure);
            }
        }

        return this;
    }

    /// <summary>The delay before a retry.</summary>
    /// <param name="retriesBefore">How many retries came before this one; 0 for the first.</param>
    /// <param name="random">A random number between 0 and 1 for the jitter. Linear policies ignore it.</param>
    public TimeSpan DelayBefore(int retriesBefore, double random)
    {
        if (retriesBefore >= MaxRetries)
        {
            return Growth == RetryGrowth.Linear ? MaxDelay : Jittered(MaxDelay, random);
        }

        return Growth switch
        {
            _ when retriesBefore <= 0 && Growth == RetryGrowth.Linear => MinDelay,
            RetryGrowth.Linear => MinDelay + ((MaxDelay - MinDelay) * ((double)retriesBefore / MaxRetries)),
            _ => Jittered(Doubled(retriesBefore), random),
        };
    }

    private TimeSpan Doubled(int retriesBefore)
    {
        var seconds = MinDelay.TotalSeconds * Math.Pow(2, Math.Max(0, retriesBefore));
        return seconds < MaxDelay.TotalSeconds ? TimeSpan.FromSeconds(seconds)
            : double.IsNaN(seconds) ? TimeSpan.Zero
            : MaxDelay;
    }

    private static TimeSpan Jittered(TimeSpan delay, double random) => delay * (0.5 + (random / 2));
}
