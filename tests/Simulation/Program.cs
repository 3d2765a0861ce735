using System.Diagnostics;
using System.Globalization;
using Xunit.Runner.InProc.SystemConsole;

namespace GopherFlow.Simulation;

/// <summary>An xunit test program. With the argument "simulate" it simulates any number of seeds instead.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) =>
        args is ["simulate", .. var options] ? Simulate(options) : await ConsoleRunner.Run(args);

    private static int Simulate(string[] options)
    {
        if (options.Length % 2 != 0 || Faulty(options) is not null)
        {
            Console.Error.WriteLine("simulate [--seeds N] [--from S]   runs N seeds from S on (default: 2000 from 1)");
            Console.Error.WriteLine("simulate --seed S                 runs one seed and prints what happens in it");
            return 2;
        }

        return Option(options, "--seed") is { } seed
            ? Replay(seed)
            : RunMany(Option(options, "--from") ?? 1, Option(options, "--seeds") ?? 2000);
    }

    private static int Replay(int seed)
    {
        var report = Simulator.Run(seed, keepsText: true);
        foreach (var line in report.Trace)
        {
            Console.WriteLine(line);
        }

        Console.WriteLine($"{report.Turns} turns, hash {report.Hash:x16}");
        Console.WriteLine(report.Violations.Count == 0 ? $"Seed {seed} breaks no law." : report.ToString());
        return report.Violations.Count == 0 ? 0 : 1;
    }

    private static int RunMany(int from, int count)
    {
        var began = Stopwatch.GetTimestamp();
        var faulty = 0;
        for (var seed = from; seed < from + count; seed++)
        {
            var report = Simulator.Run(seed);
            if (report.Violations.Count > 0)
            {
                faulty++;
                Console.WriteLine(report);
            }
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} seeds in {seconds:0.0} s, {count / seconds:0} a second; {faulty} broke a law."
            )
        );
        return faulty == 0 ? 0 : 1;
    }

    private static string? Faulty(string[] options) =>
        options
            .Chunk(2)
            .Where(pair => pair[0] is not ("--seed" or "--seeds" or "--from") || Number(pair[1]) is null)
            .Select(pair => pair[0])
            .FirstOrDefault();

    private static int? Option(string[] options, string name) =>
        options.Chunk(2).Where(pair => pair[0] == name).Select(pair => Number(pair[1])).LastOrDefault();

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
