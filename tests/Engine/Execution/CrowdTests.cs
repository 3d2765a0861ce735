using GopherFlow.Execution;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Looks of many executors are stretched, so that all of them together look as often as a few.</summary>
public sealed class CrowdTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(10, 5)]
    [InlineData(25, 12.5)]
    [InlineData(100, 50)]
    public void A_look_of_five_seconds(int executors, double seconds)
    {
        var crowd = new Crowd { Executors = executors };

        Assert.Equal(TimeSpan.FromSeconds(seconds), crowd.Stretched(TimeSpan.FromSeconds(5)));
    }
}
