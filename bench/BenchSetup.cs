using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;
using GopherFlow.Hosting;

namespace GopherFlow.Bench;

/// <summary>What every measurement needs.</summary>
internal sealed record BenchSetup(BenchDatabase Database, BenchOptions Options, ProcessCounters Counters)
{
    private const int FillPerTransaction = 500;

    /// <summary>An empty database.</summary>
    public Task<EngineOptions> EmptyAsync(string name) => Database.FreshAsync(name, Options);

    /// <summary>A database with as many finished workflows as are to be there before.</summary>
    public async Task<EngineOptions> FilledAsync(string name)
    {
        var fresh = await EmptyAsync(name);
        if (Options.Finished > 0)
        {
            using (var control = await Database.ControlAsync(fresh))
            {
                await control.WriteAsync(Options.Finished, FillPerTransaction, "finished");
            }

            await Database.SettleAsync(fresh);
        }

        return fresh;
    }
}
