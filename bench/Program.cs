using System.Diagnostics;
using System.Runtime.InteropServices;
using GopherFlow.Bench;
using GopherFlow.Hosting;

if (args is ["--help"] or ["-h"] or ["help"])
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

if (BenchOptions.Parse(args) is not { } options)
{
    return 1;
}

var database = BenchDatabase.Of(options.Database);
Console.WriteLine(
    $"{database.Name}, synchronous={options.Synchronous.ToString().ToUpperInvariant()}, {Environment.ProcessorCount} cores, "
        + $"{RuntimeInformation.FrameworkDescription}, {options.Workflows} workflows of three states, {options.Runs} runs, "
        + $"{options.Finished} finished workflows there before"
);

var pairs = new List<(LoadResult Engine, double Control)>();
for (var run = 1; run <= options.Runs; run++)
{
    var engine = await LoadRun.RunAsync(options, await FilledAsync("engine"));
    var control = await ControlAsync(engine.MeanBatch);
    pairs.Add((engine, control));
    Console.WriteLine(
        $"run {run}: engine {BenchOptions.Text(engine.WorkflowsPerSecond)} workflows/s, "
            + $"control {BenchOptions.Text(control)} workflows/s, "
            + $"ratio {BenchOptions.Text(engine.WorkflowsPerSecond / control, "0.00")}, "
            + $"batch {BenchOptions.Text(engine.MeanBatch)}, {BenchOptions.Text(engine.CpuSecondsPerSecond, "0.00")} cores busy"
    );
}

var (median, beside) = pairs.OrderBy(pair => pair.Engine.WorkflowsPerSecond).ElementAt(pairs.Count / 2);
Console.WriteLine(
    $"""

    throughput        {BenchOptions.Text(median.WorkflowsPerSecond)} workflows/s, {BenchOptions.Text(
        median.WorkflowsPerSecond * 2
    )} steps/s (median run)
    control           {BenchOptions.Text(beside)} workflows/s (the same row writes, {BenchOptions.Text(
        median.MeanBatch
    )} to a transaction)
    ratio             {BenchOptions.Text(median.WorkflowsPerSecond / beside, "0.00")}
    latency, loaded   {median.Latency} ms (created to finished, {options.Creators} callers that never pause)
    """
);
var paced = await PacedRun.RunAsync(await FilledAsync("paced"), median.WorkflowsPerSecond / 2, options.Finished);
Console.WriteLine($"latency, paced    {paced} ms (created to finished, at half of the throughput)");
var idle = await IdleRun.RunAsync(options, await FilledAsync("idle"));
Console.WriteLine($"latency, idle     {idle} ms (call of create to finished, one at a time)");
var family = await LargeFamily.RunAsync(await database.FreshAsync("family", options));
Console.WriteLine(
    $"1,000 children    {BenchOptions.Text(family)} ms (call of create to the end of the parent that joins them)"
);
foreach (var executors in options.Parked > 0 ? new[] { 1, 3 } : [])
{
    var drained = await DrainRun.RunAsync(
        database,
        await database.FreshAsync("parked", options),
        options.Parked,
        executors
    );
    Console.WriteLine(
        $"parked, {executors} exec.   {BenchOptions.Text(drained)} workflows/s ({BenchOptions.Text(options.Parked)} due at once)"
    );
}

return 0;

async Task<EngineOptions> FilledAsync(string name)
{
    var fresh = await database.FreshAsync(name, options);
    if (options.Finished > 0)
    {
        using var control = await database.ControlAsync(fresh);
        await control.WriteAsync(options.Finished, perTransaction: 500, "finished");
    }

    return fresh;
}

async Task<double> ControlAsync(double meanBatch)
{
    using var control = await database.ControlAsync(await FilledAsync("control"));
    var perTransaction = Math.Max(1, (int)Math.Round(meanBatch / 3));
    await control.WriteAsync(options.Warmup, perTransaction, "warmup");
    var watch = Stopwatch.StartNew();
    await control.WriteAsync(options.Workflows, perTransaction, "load");
    return options.Workflows / watch.Elapsed.TotalSeconds;
}
