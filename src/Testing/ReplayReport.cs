using GopherFlow.Testing.Running;

namespace GopherFlow.Testing;

/// <summary>Options of a replay.</summary>
public sealed record ReplayOptions
{
    /// <summary>
    /// Values for variables that the history does not keep, such as secrets: anything whose JSON is an object. A step with a variable that
    /// still has no value is not compared. Default: none.
    /// </summary>
    public object? Known { get; init; }

    /// <summary>Variables that are not compared because their values always differ, such as random numbers. Default: none.</summary>
    public IReadOnlyCollection<string> Ignored { get; init; } = [];

    /// <summary>The maximum duration of one step in real time. Default: 30 seconds.</summary>
    public TimeSpan RealTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>A step whose outcome differs with the current code.</summary>
/// <param name="Entry">The id of its entry in the history.</param>
/// <param name="Step">The number of transitions before it.</param>
/// <param name="State">The state that ran.</param>
/// <param name="At">When it was committed.</param>
/// <param name="Expected">A description of the recorded outcome.</param>
/// <param name="Actual">A description of the outcome with the current code.</param>
/// <param name="Variables">The variables that differ after the step, one line each.</param>
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
/// <param name="Step">The number of transitions before it.</param>
/// <param name="State">The state that ran.</param>
/// <param name="Reason">The reason, as a message.</param>
public sealed record ReplayGap(long Entry, int Step, string State, string Reason)
{
    /// <summary>The gap in one line.</summary>
    public override string ToString() => $"step {Step} in '{State}': {Reason}";
}

/// <summary>The result of a replay.</summary>
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
    /// The steps whose outcome differs, in order. Each step runs with its original variables, so a difference does not hide later ones.
    /// </summary>
    public IReadOnlyList<ReplayDifference> Differences { get; }

    /// <summary>The steps that could not be compared, in order.</summary>
    public IReadOnlyList<ReplayGap> NotComparable { get; }

    /// <summary>Whether every compared step has the recorded outcome.</summary>
    public bool IsSame => Differences.Count == 0;

    /// <summary>Asserts that at least one step was compared and that all compared steps have the recorded outcome.</summary>
    /// <exception cref="FlowTestException">The outcome of a step differs, or no step could be compared.</exception>
    public ReplayReport AssertSame()
    {
        if (Differences is [var first, ..])
        {
            throw new FlowTestException(
                "the current code to repeat the recorded history",
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

    /// <summary>A summary with at most 10 differences and 10 steps that are not comparable.</summary>
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
