using System.Runtime.InteropServices;
using GopherFlow.Bench;

if (args is ["--help"] or ["-h"] or ["help"])
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

if (BenchOptions.Parse(args) is not { } options)
{
    return 1;
}

Directory.CreateDirectory(options.Folder);
Console.WriteLine(
    $"SQLite, synchronous={options.Synchronous.ToString().ToUpperInvariant()}, {Environment.ProcessorCount} cores, "
        + $"{RuntimeInformation.FrameworkDescription}, {options.Workflows} workflows of three states, {options.Runs} runs"
);

var pairs = new List<(LoadResult Engine, double Control)>();
for (var run = 1; run <= options.Runs; run++)
{
    var engine = await LoadRun.RunAsync(options, FreshFile($"engine-{run}"));
    var control = ControlRun.Run(options, FreshFile($"control-{run}"), engine.MeanBatch);
    pairs.Add((engine, control));
    Console.WriteLine(
        $"run {run}: engine {BenchOptions.Text(engine.WorkflowsPerSecond)} workflows/s, "
            + $"control {BenchOptions.Text(control)} workflows/s, "
            + $"ratio {BenchOptions.Text(engine.WorkflowsPerSecond / control, "0.00")}, "
            + $"batch {BenchOptions.Text(engine.MeanBatch)}, {BenchOptions.Text(engine.CpuSecondsPerSecond, "0.00")} cores busy"
    );
}

var (median, beside) = pairs.OrderBy(pair => pair.Engine.WorkflowsPerSecond).ElementAt(pairs.Count / 2);
var idle = await IdleRun.RunAsync(options, FreshFile("idle"));
Console.WriteLine(
    $"""

    throughput       {BenchOptions.Text(median.WorkflowsPerSecond)} workflows/s, {BenchOptions.Text(
        median.WorkflowsPerSecond * 2
    )} steps/s (median run)
    control          {BenchOptions.Text(beside)} workflows/s (the same row writes, {BenchOptions.Text(
        median.MeanBatch
    )} to a transaction)
    ratio            {BenchOptions.Text(median.WorkflowsPerSecond / beside, "0.00")}
    latency, loaded  {median.Latency} ms (created to finished, {options.Creators} callers)
    latency, idle    {idle} ms (call of create to finished, one at a time)
    """
);
return 0;

string FreshFile(string name)
{
    var file = Path.Combine(options.Folder, $"{name}.db");
    foreach (var old in Directory.GetFiles(options.Folder, $"{name}.db*"))
    {
        File.Delete(old);
    }

    return file;
}
