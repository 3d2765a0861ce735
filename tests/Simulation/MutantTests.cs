namespace GopherFlow.Simulation;

/// <summary>A simulator that finds nothing may be blind: each of these stores breaks one promise, and must be found out.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int Bound = 50;

    [Fact]
    public void TheStoreWithoutAFenceIsFound() => MustBeFound(Mutations.WithoutFence, "after that was lost");

    [Fact]
    public void TheForgottenExecutionCountIsFound() =>
        MustBeFound(Mutations.ForgettingExecutionCounts, "was committed twice");

    [Fact]
    public void TheDroppedWakeIsFound() => MustBeFound(Mutations.DroppingWakes, "(Watch) has not finished");

    [Fact]
    public void TheDroppedJoinIsFound() => MustBeFound(Mutations.DroppingJoins, "(Family) has not finished");

    [Fact]
    public void TheTornCommitIsFound() => MustBeFound(Mutations.TearingCommits, "its ledger is");

    /// <summary>By the law that it breaks, on a seed that breaks none with a good store.</summary>
    private void MustBeFound(Mutation mutation, string law)
    {
        var found = Enumerable
            .Range(1, Bound)
            .Select(seed => Simulator.Run(seed, mutation: mutation))
            .FirstOrDefault(report =>
                report.Violations.Any(violation => violation.Contains(law, StringComparison.Ordinal))
            );
        Assert.True(found is not null, $"The mutant survives {Bound} seeds.");
        Assert.Empty(Simulator.Run(found.Seed).Violations);
        output.WriteLine($"{mutation.Method.Name}: found by seed {found.Seed}.{Environment.NewLine}{found}");
    }
}
