using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;

namespace GopherFlow.Bench;

/// <summary>The context of all measurements.</summary>
internal sealed record BenchSetup(BenchDatabase Database, BenchOptions Options, ProcessCounters Counters)
{
    private const int FillPerTransaction = 500;

    private readonly HashSet<string> filled = [];

    /// <summary>The number of the run, from 1.</summary>
    public int Run { get; init; } = 1;

    /// <summary>Creates an empty database.</summary>
    public Task<Target> EmptyAsync(string name) => Database.FreshAsync(name, Options);

    /// <summary>
    /// A database with at least the configured number of finished workflows, or an empty one if that is 0. Filling it is slow, so it is
    /// done only once; later measurements also find the workflows of earlier ones.
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

    /// <summary>The prefix of the external ids of a measurement, unique for each run.</summary>
    public string Prefix(string word) => $"{word}-{Run}";
}
