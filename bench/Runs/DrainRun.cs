using GopherFlow.Authoring;
using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Processes;
using GopherFlow.Persistence;

namespace GopherFlow.Bench.Runs;

/// <summary>How parked workflows that fell due at once were worked off.</summary>
/// <param name="Window">From the instant they were due until the last one had finished.</param>
/// <param name="Shares">How much of the commits each executor made, from 0 to 1.</param>
internal sealed record DrainResult(WindowResult Window, IReadOnlyList<double> Shares);

/// <summary>Many parked workflows that fall due at once, with the executors waiting for them.</summary>
internal static class DrainRun
{
    private const string Name = "parked";
    private const int Piece = 1000;

    /// <summary>Every database here parks faster.</summary>
    private const double ParkedPerSecond = 1500;

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(8);

    public static async Task<DrainResult> RunAsync(BenchSetup setup)
    {
        var (database, options, _) = setup;
        var fresh = await setup.EmptyAsync(Name);
        await using var session = await Session.StartAsync(setup, Name, fresh, options.Executors);
        await session.Engine.CreateAllAsync(options.Creators, options.Warmup, "warmup");
        await session.Observer.WaitForFinishedAsync(options.Warmup);

        var due = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(options.Parked / ParkedPerSecond) + Margin;
        await using (var store = database.Store(fresh))
        {
            await ParkAsync(store, options.Parked, due);
        }

        await database.SettleAsync(fresh);
        var left = due - DateTimeOffset.UtcNow;
        if (left < TimeSpan.Zero)
        {
            throw new BenchException(
                $"{options.Parked} workflows could not be parked before they were due; choose a smaller --parked."
            );
        }

        await Task.Delay(left);
        var window = new CpuWindow(session.Cpu, session.Server);
        await session.Observer.WaitForFinishedAsync(options.Warmup + options.Parked);
        var result = window.End(options.Parked);
        var (_, executors) = await session.CloseAsync();
        var members = (double)executors.Sum(executor => executor.Members);
        return new DrainResult(result, [.. executors.Select(executor => executor.Members / members)]);
    }

    private static async Task ParkAsync(IWorkflowStore store, int workflows, DateTimeOffset due)
    {
        await store.InitializeAsync(CancellationToken.None);
        foreach (var piece in Enumerable.Range(0, workflows).Chunk(Piece))
        {
            var creates = piece.Select(number => Parked(number, due)).ToList();
            await store.WriteAsync(new WriteBatch(creates, [], 0, DateTimeOffset.UtcNow), CancellationToken.None);
        }
    }

    private static NewWorkflow Parked(int number, DateTimeOffset due) =>
        new()
        {
            ExternalId = $"parked-{number}",
            WorkflowType = ThreeStates.Name,
            Version = ThreeStates.Definition.Version,
            BusinessKey = "bench",
            ExecutorGroup = "default",
            State = ThreeStates.First,
            StateVars = new Variables().ToJson(),
            NextActivation = due,
        };
}
