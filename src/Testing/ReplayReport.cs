using GopherFlow.Testing.Running;

namespace GopherFlow.Testing;

/// <summary>How a replay is made.</summary>
public sealed record ReplayOptions
{
    /// <summary>
    /// Values for variables that the history does not keep, such as secrets: anything whose JSON is an object. A step that has a variable
    /// without a value is not compared. Default: none.
    /// </summary>
    public object? Known { get; init; }

    /// <summary>Variables that are never the same twice, such as a random number: they are not compared. Default: none.</summary>
    public IReadOnlyCollection<string> Ignored { get; init; } = [];

    /// <summary>How long one step may take by a real clock. Default: 30 seconds.</summary>
    public TimeSpan RealTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>A step of which the code of today makes something else.</summary>
/// <param name="Entry">The id of its entry in the history.</param>
/// <param name="Step">How many transitions there had been before.</param>
/// <param name="State">The state that ran.</param>
/// <param name="At">When it was committed.</param>
/// <param name="Expected">What came of it then, in words.</param>
/// <param name="Actual">What comes of it now, in words.</param>
/// <param name="Variables">The variables that are different after it, a line each.</param>
public sealed record ReplayDifference(
    long Entry,
    int Step,
    string State,
    DateTimeOffset At,
    string Expected,
    string Actual,
    IReadOnlyList<string> Variables
)
{
    /// <summary>The difference in one line.</summary>
    public override string ToString() =>
        $"step {Step} in '{State}' at {RunText.Instant(At)}: it went {Expected}; now it goes {Actual}"
        + (Variables.Count > 0 ? $"; {string.Join("; ", Variables)}" : "");
}

/// <summary>A step that cannot be compared.</summary>
/// <param name="Entry">The id of its entry in the history.</param>
/// <param name="Step">How many transitions there had been before.</param>
/// <param name="State">The state that ran.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record ReplayGap(long Entry, int Step, string State, string Reason)
{
    /// <summary>The gap in one line.</summary>
    public override string ToString() => $"step {Step} in '{State}': {Reason}";
}

/// <summary>What a replay has found.</summary>
public sealed class ReplayReport
{
    private readonly Func<ReplayDifference, string> detailsOf;

    internal ReplayReport(
        int compared,
        IReadOnlyList<ReplayDifference> differences,
        IReadOnlyList<ReplayGap> notComparable,
        Func<ReplayDifference, string> detailsOf
    )
    {
        (Compared, Differences, NotComparable) = (compared, differences, notComparable);
        this.detailsOf = detailsOf;
    }

    /// <summary>How many steps were run and compared.</summary>
    public int Compared { get; }

    /// <summary>
    /// The steps that would go another way, in order. Each step is run with the variables that it had then, so a difference does not hide those
    /// that come after it.
    /// </summary>
    public IReadOnlyList<ReplayDifference> Differences { get; }

    /// <summary>The steps that could not be compared, in order.</summary>
    public IReadOnlyList<ReplayGap> NotComparable { get; }

    /// <summary>Whether every step that was compared goes the way it went.</summary>
    public bool IsSame => Differences.Count == 0;

    /// <summary>Asserts that every step that was compared goes the way it went, and that there was one.</summary>
    /// <exception cref="FlowTestException">A step goes another way, or none could be compared.</exception>
    public ReplayReport AssertSame()
    {
        if (Differences is [var first, ..])
        {
            throw new FlowTestException(
                "the code of today to go the way of the history",
                Differences.Count == 1 ? $"{first}" : $"{first} (and {Differences.Count - 1} more steps)",
                detailsOf(first)
            );
        }

        return Compared > 0
            ? this
            : throw new FlowTestException(
                "a history with steps that can be compared",
                NotComparable.Count == 0 ? "it has no step" : string.Join("; ", NotComparable.Take(10))
            );
    }

    /// <summary>The report in a few lines.</summary>
    public override string ToString() =>
        string.Join(
            '\n',
            [
                $"{Compared} steps compared, {Differences.Count} different, {NotComparable.Count} not comparable",
                .. Differences.Take(10).Select(difference => $"{difference}"),
                .. NotComparable.Take(10).Select(gap => $"not comparable: {gap}"),
            ]
        );
}
