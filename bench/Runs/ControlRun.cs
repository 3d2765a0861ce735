using GopherFlow.Bench.Costs;

namespace GopherFlow.Bench.Runs;

/// <summary>The same load by the control.</summary>
internal static class ControlRun
{
    /// <summary>Of the members of a batch a third are creates, and a third each of the two steps.</summary>
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
