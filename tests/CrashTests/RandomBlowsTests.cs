namespace GopherFlow.Crash.Tests;

/// <summary>Ten seconds of random blows on each database, and twenty-five on a pair of servers; the crash command runs as long as asked.</summary>
public sealed class RandomBlowsTests(ITestOutputHelper output)
{
    [Theory, ClassData(typeof(EveryDatabase))]
    public async Task Nothing_is_lost_and_nothing_is_there_twice(string database)
    {
        var options = new CrashOptions(database, TimeSpan.FromSeconds(10), Workflows: 600, Seed: Random.Shared.Next());
        output.WriteLine($"seed {options.Seed}");

        var report = await new CrashRun(options, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(report.Faults);
        Assert.True(
            report.Repaired > 0 || report.LeftByKilled == 0,
            $"The killed owned {report.LeftByKilled} workflows, and none was taken over."
        );
    }

    [Fact]
    public async Task Nothing_is_lost_when_a_server_is_killed_and_its_replica_takes_its_place()
    {
        Assert.SkipUnless(PostgresPair.IsHere, "PostgreSQL is not installed (Debian: apt-get install postgresql).");
        var options = new CrashOptions(
            CrashDatabase.Pair,
            TimeSpan.FromSeconds(25),
            Workflows: 800,
            Seed: Random.Shared.Next()
        );
        output.WriteLine($"seed {options.Seed}");

        var report = await new CrashRun(options, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(report.Faults);
        Assert.NotEqual(0, report.Blows.GetValueOrDefault("failover"));
    }
}
