using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;

namespace GopherFlow.Bench.Processes;

/// <summary>The further executor processes of a measurement: the engine over a database that the first process has prepared.</summary>
internal static class ExecutorProgram
{
    /// <summary>The first word of their command line; the name of the database and the options follow.</summary>
    public const string Word = "executor";

    /// <summary>What they say when they have started.</summary>
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
