using GopherFlow.Execution;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>With many executors the poll interval grows, so that together they poll no more often than a few do.</summary>
public sealed class CrowdTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(10, 5)]
    [InlineData(25, 12.5)]
    [InlineData(100, 50)]
    public void An_interval_of_five_seconds_grows_with_the_number_of_executors(int executors, double seconds)
    {
        var crowd = new Crowd { Executors = executors };

        Assert.Equal(TimeSpan.FromSeconds(seconds), crowd.Stretched(TimeSpan.FromSeconds(5)));
    }
}
