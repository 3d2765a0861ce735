using GopherFlow.Execution;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Positions of the change log can become visible out of order.</summary>
public sealed class ReadPositionsTests
{
    [Fact]
    public void A_position_that_becomes_visible_late_is_new_exactly_once()
    {
        var positions = new ReadPositions();
        Assert.True(positions.Add(1, Second(0)));
        Assert.True(positions.Add(3, Second(1)));

        Assert.True(positions.Add(2, Second(2)));
        Assert.False(positions.Add(2, Second(2)));

        Assert.Equal((3, 3), (positions.Settled, positions.Highest));
    }

    [Fact]
    public void Reading_resumes_at_the_first_missing_position()
    {
        var positions = new ReadPositions();
        foreach (var position in new long[] { 1, 2, 3, 5, 6 })
        {
            positions.Add(position, Second(0));
        }

        Assert.Equal((3, 6), (positions.Settled, positions.Highest));
        Assert.False(positions.Add(2, Second(1)));

        positions.Settle(Second(11));
        positions.Add(7, Second(11));
        Assert.Equal(7, positions.Settled);
    }

    [Fact]
    public void Positions_read_long_ago_are_settled()
    {
        var positions = new ReadPositions();
        positions.Add(5, Second(0));
        positions.Add(4, Second(1));
        positions.Add(9, Second(8));

        positions.Settle(Second(10));
        Assert.Equal(0, positions.Settled);

        positions.Settle(Second(12));
        Assert.Equal((5, 9), (positions.Settled, positions.Highest));
        Assert.False(positions.Add(3, Second(12)));
        Assert.True(positions.Add(8, Second(12)));
    }

    private static TimeSpan Second(int number) => TimeSpan.FromSeconds(number);
}
