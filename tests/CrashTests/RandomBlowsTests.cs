namespace GopherFlow.Crash.Tests;

/// <summary>A minute of random blows on each database.</summary>
public sealed class RandomBlowsTests(ITestOutputHelper output)
{
    [Theory, ClassData(typeof(EveryDatabase))]
    public async Task Nothing_is_lost_and_nothing_is_there_twice(string database)
    {
        var options = new CrashOptions(database, TimeSpan.FromMinutes(1), Workflows: 2000, Seed: Random.Shared.Next());
        output.WriteLine($"seed {options.Seed}");

        var report = await new CrashRun(options, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(report.Faults);
        Assert.NotEqual(0, report.Repaired);
    }
}
