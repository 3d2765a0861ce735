using GopherFlow.Execution;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The executor's estimate of the database time.</summary>
public sealed class DatabaseClockTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly VirtualClock process = new();

    [Fact]
    public void Reading_the_time_before_the_first_answer_throws() =>
        Assert.Throws<InvalidOperationException>(() => new DatabaseClock(process).GetUtcNow());

    [Fact]
    public void The_time_advances_with_the_monotonic_clock_of_the_process()
    {
        var clock = new DatabaseClock(process);
        clock.Set(clock.Monotonic, clock.Monotonic, Noon);
        process.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(Noon.AddSeconds(90), clock.GetUtcNow());
    }

    [Fact]
    public void An_answer_consistent_with_the_estimate_changes_nothing()
    {
        var clock = Set(Noon, took: TimeSpan.Zero);
        var asked = clock.Monotonic;
        process.Advance(TimeSpan.FromSeconds(4));
        clock.Set(asked, clock.Monotonic, Noon.AddSeconds(1));

        Assert.Equal(Noon.AddSeconds(4), clock.GetUtcNow());
    }

    [Theory]
    [InlineData(100, 104)]
    [InlineData(-100, -100)]
    public void An_inconsistent_answer_sets_the_nearest_possible_time(int shown, int now)
    {
        var clock = Set(Noon, took: TimeSpan.Zero);
        var asked = clock.Monotonic;
        process.Advance(TimeSpan.FromSeconds(4));
        clock.Set(asked, clock.Monotonic, Noon.AddSeconds(shown));

        // The database read its clock at some time between 4 seconds ago and now.
        Assert.Equal(Noon.AddSeconds(now < 0 ? now + 4 : now - 4), clock.GetUtcNow());
    }

    private DatabaseClock Set(DateTimeOffset now, TimeSpan took)
    {
        var clock = new DatabaseClock(process);
        clock.Set(clock.Monotonic, clock.Monotonic + took, now);
        return clock;
    }
}
