using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Hosting;
using GopherFlow.Persistence;

namespace GopherFlow.Bench;

/// <summary>Many parked workflows that are all due at once when the executors come: how fast are they worked off.</summary>
internal static class DrainRun
{
    private const int Piece = 1000;

    /// <summary>Workflows per second, from the start of the executors until the last one has finished.</summary>
    public static async Task<double> RunAsync(
        BenchDatabase database,
        EngineOptions engineOptions,
        int workflows,
        int executors
    )
    {
        await database.WithStoreAsync(engineOptions, store => ParkAsync(store, workflows));
        var watch = Stopwatch.StartNew();
        var engines = new List<EngineUnderTest>();
        for (var each = 0; each < executors; each++)
        {
            engines.Add(await EngineUnderTest.StartAsync(engineOptions));
        }

        await engines[0].FinishedAsync(workflows);
        var perSecond = workflows / watch.Elapsed.TotalSeconds;
        foreach (var engine in engines)
        {
            await engine.DisposeAsync();
        }

        return perSecond;
    }

    private static async Task<int> ParkAsync(IWorkflowStore store, int workflows)
    {
        var now = DateTimeOffset.UtcNow;
        foreach (var piece in Enumerable.Range(0, workflows).Chunk(Piece))
        {
            var creates = piece.Select(number => Parked(number, now)).ToList();
            await store.WriteAsync(new WriteBatch(creates, [], 0, now), CancellationToken.None);
        }

        return workflows;
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
