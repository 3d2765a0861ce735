using System.Diagnostics;
using GopherFlow.Bench.Processes;

namespace GopherFlow.Bench.Runs;

/// <summary>
/// What changed variables cost: workflows that change none, that change one of which the history says nothing, and that change one whose
/// values it keeps, in turns on one database.
/// </summary>
internal static class VariablesRun
{
    private const string Name = "variables";
    private static readonly string[] Types = [ThreeStates.Name, ChangedVariable.NotKept, ChangedVariable.Kept];

    public static async Task RunAsync(BenchSetup setup, Action<string> tell)
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

        tell($"no variable changes: {Text(speeds[ThreeStates.Name])}");
        tell($"one changes, the history says nothing of it: {Text(speeds[ChangedVariable.NotKept])}");
        tell($"one changes, the history keeps its values: {Text(speeds[ChangedVariable.Kept])}");
        var ratios = speeds[ChangedVariable.Kept]
            .Zip(speeds[ChangedVariable.NotKept], static (kept, not) => kept / not);
        tell($"with the values in the history, as a part of without: {Figures.MedianAndRange(ratios, 2)}");
    }

    private static string Text(List<double> speeds) => $"{Figures.MedianAndRange(speeds, 0)} workflows/s";

    /// <returns>Workflows a second.</returns>
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
