using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Bench.Processes;
using GopherFlow.Definitions;

namespace GopherFlow.Bench.Runs;

/// <summary>A parent that creates many children in one step and continues when all of them have finished.</summary>
internal static class LargeFamily
{
    private const string Name = "LargeFamily";
    private const string Database = "family";

    public static WorkflowDefinition Definition(int children) =>
        WorkflowDefinitionBuilder
            .Named(Name)
            .Start(
                "Found",
                _ =>
                    NextState
                        .GoTo("Gather")
                        .Spawn(
                            Enumerable
                                .Range(0, children)
                                .Select(number => new ChildRequest(ThreeStates.Name, $"child {number}"))
                        )
                        .WhenChildrenFinished(),
                goesTo: ["Gather"]
            )
            .State("Gather", static _ => NextState.GoTo("Done"), goesTo: ["Done"])
            .End("Done")
            .Build();

    /// <summary>
    /// Milliseconds from the call of create until the parent has finished. Measures the second family; the first one is the warm-up.
    /// </summary>
    public static async Task<double> RunAsync(BenchSetup setup)
    {
        var database = await setup.EmptyAsync(Database);
        await using var session = await Session.StartAsync(setup, Database, database, setup.Options.Executors);
        await OneAsync(session.Engine, "warmup");
        return await OneAsync(session.Engine, "family");
    }

    private static async Task<double> OneAsync(EngineUnderTest engine, string externalId)
    {
        var watch = Stopwatch.StartNew();
        var created = await engine.Operations.CreateAsync(
            EngineUnderTest.NewWorkflow(externalId) with
            {
                WorkflowType = Name,
            }
        );
        await engine.Operations.WaitAsync(created.Id, [], TimeSpan.FromMinutes(5));
        return watch.Elapsed.TotalMilliseconds;
    }
}
