using System.Diagnostics;
using GopherFlow.Bench.Processes;

namespace GopherFlow.Bench.Runs;

/// <summary>
/// Measures the cost of changed variables: workflows that change no variable, one whose values the history does not keep, and one whose
/// values it keeps, alternately on one database.
/// </summary>
internal static class VariablesRun
{
    private const string Name = "variables";
    private static readonly string[] Types = [ThreeStates.Name, ChangedVariable.NotKept, ChangedVariable.Kept];

    public static async Task RunAsync(BenchSetup setup, Action<string> print)
    {
        await using var session = await Session.StartAsync(setup, Name, await setup.EmptyAsync(Name), executors: 1);
        foreach (var type in Types)
        {
            await LoadAsync(setup, session, type, "warmup", setup.Options.Warmup / Types.Length);
        }

        var speeds = Types.ToDictionary(type => type, _ => new List<double>());
        for (var round = 1; round <= setup.Options.Runs; round++)
        {
            foreach (var type in Types)
            {
                speeds[type].Add(await LoadAsync(setup, session, type, $"{round}", setup.Options.Variables));
            }
        }

        print($"no variable changes: {Text(speeds[ThreeStates.Name])}");
        print($"one changes, not in the history: {Text(speeds[ChangedVariable.NotKept])}");
        print($"one changes, values in the history: {Text(speeds[ChangedVariable.Kept])}");
        var ratios = speeds[ChangedVariable.Kept]
            .Zip(speeds[ChangedVariable.NotKept], static (kept, not) => kept / not);
        print($"ratio of with to without values in the history: {Figures.MedianAndRange(ratios, 2)}");
    }

    private static string Text(List<double> speeds) => $"{Figures.MedianAndRange(speeds, 0)} workflows/s";

    /// <returns>Workflows per second.</returns>
    private static async Task<double> LoadAsync(
        BenchSetup setup,
        Session session,
        string type,
        string prefix,
        int workflows
    )
    {
        var finished = await session.Observer.FinishedAsync(type);
        var watch = Stopwatch.StartNew();
        await session.Engine.CreateAllAsync(setup.Options.Creators, workflows, $"{prefix}-{type}", type);
        while (await session.Observer.FinishedAsync(type) < finished + workflows)
        {
            await Task.Delay(10);
        }

        return workflows / watch.Elapsed.TotalSeconds;
    }
}
