using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;

namespace GopherFlow.Bench;

/// <summary>What every measurement needs.</summary>
internal sealed record BenchSetup(BenchDatabase Database, BenchOptions Options, ProcessCounters Counters)
{
    private const int FillPerTransaction = 500;

    private readonly HashSet<string> filled = [];

    /// <summary>Which run this is, from 1.</summary>
    public int Run { get; init; } = 1;

    /// <summary>An empty database.</summary>
    public Task<Target> EmptyAsync(string name) => Database.FreshAsync(name, Options);

    /// <summary>
    /// A database with at least as many finished workflows as are to be there before. Filling takes long, so it is done once, and
    /// later measurements find what the former ones have left, too. Without such workflows it is an empty one.
    /// </summary>
    public async Task<Target> FilledAsync(string name)
    {
        if (Options.Finished == 0)
        {
            return await EmptyAsync(name);
        }

        if (!filled.Contains(name))
        {
            using var control = await Database.ControlAsync(await EmptyAsync(name));
            await control.WriteAsync(Options.Finished, FillPerTransaction, "finished");
            filled.Add(name);
        }

        var engine = Database.At(name, Options);
        await Database.SettleAsync(engine);
        return engine;
    }

    /// <summary>What external ids of a measurement begin with, so that no run takes those of another.</summary>
    public string Prefix(string word) => $"{word}-{Run}";
}
