using GopherFlow.Bench.Costs;

namespace GopherFlow.Bench.Runs;

/// <summary>Runs the same load with the raw-SQL control.</summary>
internal static class ControlRun
{
    /// <summary>A batch has equal parts of creates, first steps and second steps.</summary>
    private const int MembersPerWorkflow = 3;

    public static async Task<WindowResult> RunAsync(BenchSetup setup, double meanBatch)
    {
        var (database, options, _) = setup;
        var filled = await setup.FilledAsync("control");
        using var control = await database.ControlAsync(filled);
        await using var server = await database.ServerAsync(filled);
        var perTransaction = Math.Max(1, (int)Math.Round(meanBatch / MembersPerWorkflow));
        await control.WriteAsync(options.Warmup, perTransaction, setup.Prefix("warmup"));

        var window = new CpuWindow(() => Environment.CpuUsage.TotalTime, server);
        await control.WriteAsync(options.Workflows, perTransaction, setup.Prefix("load"));
        return window.End(options.Workflows);
    }
}
