namespace GopherFlow.Simulation;

public sealed class SimulationTests
{
    private const int Seeds = 300;

    [Fact]
    public void NoSeedBreaksALaw()
    {
        foreach (var seed in Enumerable.Range(1, Seeds))
        {
            var report = Simulator.Run(seed);
            Assert.True(report.Violations.Count == 0, report.ToString());
        }
    }

    [Fact]
    public void ASeedIsTheSameRunEachTime()
    {
        foreach (var seed in Enumerable.Range(1, 25))
        {
            var first = Simulator.Run(seed);
            var second = Simulator.Run(seed, keepsText: true);
            Assert.Equal((first.Hash, first.Turns), (second.Hash, second.Turns));
        }
    }

    [Fact]
    public void AnotherSeedIsAnotherRun() => Assert.NotEqual(Simulator.Run(1).Hash, Simulator.Run(2).Hash);
}
