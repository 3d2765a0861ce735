using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;

namespace GopherFlow.Bench.Processes;

/// <summary>The additional executor processes of a measurement, on a database that the first process has prepared.</summary>
internal static class ExecutorProgram
{
    /// <summary>The first argument of the command line, followed by the name of the database and the options.</summary>
    public const string Word = "executor";

    /// <summary>The line that they print after startup.</summary>
    public const string Ready = "ready";

    public static async Task<int> RunAsync(string database, string[] arguments)
    {
        if (BenchOptions.Parse(arguments) is not { } options)
        {
            return 1;
        }

        using var counters = new ProcessCounters();
        var engine = BenchDatabase.Of(options.Database).At(database, options);
        await using (await EngineUnderTest.StartAsync(engine, options, counters))
        {
            Console.WriteLine(Ready);
            while (await Console.In.ReadLineAsync() is not null) { }
        }

        Console.WriteLine(counters.Now.ToLine());
        return 0;
    }
}
