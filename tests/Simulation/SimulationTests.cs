namespace GopherFlow.Simulation;

public sealed class SimulationTests
{
    private const int Seeds = 300;

    [Fact]
    public void No_seed_breaks_a_law()
    {
        foreach (var seed in Enumerable.Range(1, Seeds))
        {
            var report = Simulator.Run(seed);
            Assert.True(report.Violations.Count == 0, report.ToString());
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        foreach (var seed in Enumerable.Range(1, 25))
        {
            var first = Simulator.Run(seed);
            var second = Simulator.Run(seed, keepsText: true);
            Assert.Equal((first.Hash, first.Turns), (second.Hash, second.Turns));
        }
    }

    [Fact]
    public void Different_seeds_give_different_runs() => Assert.NotEqual(Simulator.Run(1).Hash, Simulator.Run(2).Hash);
}
