using GopherFlow.Execution;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The database's clock as the executor knows it.</summary>
public sealed class DatabaseClockTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly VirtualClock process = new();

    [Fact]
    public void Before_the_database_was_asked_its_time_is_not_known() =>
        Assert.Throws<InvalidOperationException>(() => new DatabaseClock(process).GetUtcNow());

    [Fact]
    public void It_goes_on_with_the_monotonic_clock_of_the_process()
    {
        var clock = new DatabaseClock(process);
        clock.Set(clock.Monotonic, clock.Monotonic, Noon);
        process.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(Noon.AddSeconds(90), clock.GetUtcNow());
    }

    [Fact]
    public void An_answer_that_it_agrees_with_changes_nothing()
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
    public void Else_it_is_set_to_the_nearest_that_may_be_right(int shown, int now)
    {
        var clock = Set(Noon, took: TimeSpan.Zero);
        var asked = clock.Monotonic;
        process.Advance(TimeSpan.FromSeconds(4));
        clock.Set(asked, clock.Monotonic, Noon.AddSeconds(shown));

        // The database showed it between 4 seconds ago and now.
        Assert.Equal(Noon.AddSeconds(now < 0 ? now + 4 : now - 4), clock.GetUtcNow());
    }

    private DatabaseClock Set(DateTimeOffset now, TimeSpan took)
    {
        var clock = new DatabaseClock(process);
        clock.Set(clock.Monotonic, clock.Monotonic + took, now);
        return clock;
    }
}
