using GopherFlow.TestSupport;

namespace GopherFlow.Crash.Tests;

/// <summary>
/// Random blows for some seconds; the crash command can run longer. Each database has its own class: the servers are separate, so two
/// of the classes run in parallel.
/// </summary>
public abstract class RandomBlows(ITestOutputHelper output)
{
    private protected async Task<CrashReport> RunAsync(string database, int seconds, int workflows)
    {
        var options = new CrashOptions(
            database,
            TimeSpan.FromSeconds(seconds),
            Workflows: workflows,
            Seed: Random.Shared.Next()
        );
        output.WriteLine($"seed {options.Seed}");

        var report = await new CrashRun(options, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(report.Faults);
        return report;
    }
}

/// <summary>Ten seconds of blows to the executors of one database, and to its server.</summary>
public abstract class RandomBlowsToOneDatabase(StoreKind kind, ITestOutputHelper output) : RandomBlows(output)
{
    [Fact]
    public async Task Nothing_is_lost_or_done_twice()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(kind), $"No {kind} server is configured.");

        var report = await RunAsync(kind.ToString().ToLowerInvariant(), seconds: 10, workflows: 600);

        Assert.True(
            report.Repaired > 0 || report.LeftByKilled == 0,
            $"Killed executors owned {report.LeftByKilled} workflows, and none was taken over."
        );
    }
}

/// <inheritdoc/>
public sealed class RandomBlowsToPostgres(ITestOutputHelper output)
    : RandomBlowsToOneDatabase(StoreKind.Postgres, output);

/// <inheritdoc/>
public sealed class RandomBlowsToMariaDb(ITestOutputHelper output)
    : RandomBlowsToOneDatabase(StoreKind.MariaDb, output);

/// <inheritdoc/>
public sealed class RandomBlowsToSqlite(ITestOutputHelper output) : RandomBlowsToOneDatabase(StoreKind.Sqlite, output);

/// <summary>Twenty-five seconds of blows to a PostgreSQL server and its replica.</summary>
public sealed class RandomBlowsToPostgresPair(ITestOutputHelper output) : RandomBlows(output)
{
    [Fact]
    public async Task Nothing_is_lost_or_done_twice_when_the_replica_is_promoted()
    {
        Assert.SkipUnless(PostgresPair.IsHere, "PostgreSQL is not installed (Debian: apt-get install postgresql).");

        var report = await RunAsync(CrashDatabase.Pair, seconds: 25, workflows: 800);

        Assert.NotEqual(0, report.Blows.GetValueOrDefault("failover"));
    }
}
