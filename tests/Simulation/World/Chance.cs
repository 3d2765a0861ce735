namespace GopherFlow.Simulation;

/// <summary>The source of all randomness of a run, derived from the seed.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random random = new(seed);

    public bool Hit(double probability) => probability > 0 && random.NextDouble() < probability;

    public int Below(int limit) => random.Next(limit);

    public int Between(int least, int most) => random.Next(least, most + 1);

    public double Fraction() => random.NextDouble();

    public T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    /// <summary>A random span of whole milliseconds, up to and including a maximum.</summary>
    public TimeSpan Milliseconds(int most) => TimeSpan.FromMilliseconds(random.Next(most + 1));
}
