using System.Data.Common;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using GopherFlow.Bench;
using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;
using GopherFlow.Bench.Http;
using GopherFlow.Bench.Processes;
using GopherFlow.Bench.Runs;
using GopherFlow.Bench.Scripts;
using GopherFlow.Storage;

if (args is ["--help"] or ["-h"] or ["help"])
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

if (args is [ExecutorProgram.Word, var name, .. var rest])
{
    return await ExecutorProgram.RunAsync(name, rest);
}

if (args is [ListenerProgram.Word, var heard, .. var how])
{
    return await ListenerProgram.RunAsync(heard, how);
}

if (args is [FeedWorkerProgram.Word, var shared, .. var worker])
{
    return await FeedWorkerProgram.RunAsync(shared, worker);
}

if (args is [ScriptBench.Word, var scripts])
{
    return await ScriptBench.RunAsync(scripts);
}

if (BenchOptions.Parse(args) is not { } options)
{
    return 1;
}

var database = BenchDatabase.Of(options.Database);
if (database.Missing is { } missing)
{
    Console.Error.WriteLine(missing);
    return 1;
}

try
{
    using var counters = new ProcessCounters();
    var setup = new BenchSetup(database, options, counters);
    Console.WriteLine($"bench {string.Join(' ', args)}");
    Console.WriteLine(await DescribeAsync(setup));
    if (options.Retention > 0)
    {
        await RetentionRun.RunAsync(setup, Console.WriteLine);
        return 0;
    }

    if (options.Large > 0)
    {
        await LargeRun.RunAsync(setup, Console.WriteLine);
        return 0;
    }

    if (options.Variables > 0)
    {
        await VariablesRun.RunAsync(setup, Console.WriteLine);
        return 0;
    }

    if (options.Limits > 0)
    {
        await LimitsRun.RunAsync(setup, Console.WriteLine);
        return 0;
    }

    if (options.Changes > 0)
    {
        await ChangesRun.RunAsync(setup, Console.WriteLine);
        return 0;
    }

    if (options.Crowd > 0)
    {
        await CrowdRun.RunAsync(setup, Console.WriteLine);
        return 0;
    }

    if (options.Http > 0)
    {
        await HttpRun.RunAsync(setup, Console.WriteLine);
        return 0;
    }

    var results = new List<BenchResult>();
    for (var run = 1; run <= options.Runs; run++)
    {
        results.Add(await BenchRun.RunAsync(setup with { Run = run }, line => Console.WriteLine($"run {run}: {line}")));
    }

    Console.WriteLine();
    Console.WriteLine(new BenchTable(options, results).ToMarkdown());
    return 0;
}
catch (Exception failure)
    when (failure is BenchException or StoreSetupException or DbException or SocketException or IOException)
{
    Console.Error.WriteLine($"{database.Name} cannot be measured: {failure.Message}");
    return 1;
}

static async Task<string> DescribeAsync(BenchSetup setup)
{
    await using var server = await setup.Database.ServerAsync(await setup.EmptyAsync("engine"));
    return $"{await server.DescribeAsync()}; {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, "
        + $"{Figures.Text(setup.Options.Workflows)} workflows of three states";
}
