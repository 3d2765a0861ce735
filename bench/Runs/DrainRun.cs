using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Processes;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Runs;

/// <summary>The result of draining parked workflows that become due at once.</summary>
/// <param name="Window">From the instant they become due until the last one has finished.</param>
/// <param name="Shares">The share of the commits of each executor, from 0 to 1.</param>
internal sealed record DrainResult(WindowResult Window, IReadOnlyList<double> Shares);

/// <summary>Many parked workflows become due at once while the executors are idle.</summary>
internal static class DrainRun
{
    private const string Name = "parked";
    private const int Piece = 1000;

    /// <summary>A safety factor for the time that parking takes. Parking writes less than the warm-up.</summary>
    private const int Allowance = 2;

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Null if the workflows could not all be parked before they became due.</summary>
    public static async Task<DrainResult?> RunAsync(BenchSetup setup)
    {
        var (database, options, _) = setup;
        var fresh = await setup.EmptyAsync(Name);
        await using var session = await Session.StartAsync(setup, Name, fresh, options.Executors);
        var warmup = Stopwatch.StartNew();
        var warmedUp = Math.Max(options.Warmup, Piece);
        await session.Engine.CreateAllAsync(options.Creators, warmedUp, "warmup");
        await session.Observer.WaitForFinishedAsync(warmedUp);

        var due = DateTimeOffset.UtcNow + (Allowance * warmup.Elapsed * options.Parked / warmedUp) + Margin;
        await using (var store = database.Store(fresh))
        {
            await ParkAsync(store, options.Parked, due);
        }

        await database.SettleAsync(fresh);
        var left = due - DateTimeOffset.UtcNow;
        if (left < TimeSpan.Zero)
        {
            return null;
        }

        await Task.Delay(left);
        var window = new CpuWindow(session.Cpu, session.Server);
        await session.Observer.WaitForFinishedAsync(warmedUp + options.Parked);
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
