using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;

namespace GopherFlow.Bench;

/// <summary>A parent that creates a thousand children in one step and goes on when all of them have finished.</summary>
internal static class LargeFamily
{
    public const string Name = "LargeFamily";

    private const int Children = 1000;

    public static WorkflowDefinition Definition { get; } =
        WorkflowDefinitionBuilder
            .Named(Name)
            .Start(
                "Found",
                static _ =>
                    NextState
                        .GoTo("Gather")
                        .Spawn(
                            Enumerable
                                .Range(0, Children)
                                .Select(number => new ChildRequest(ThreeStates.Name, $"child {number}"))
                        )
                        .WhenChildrenFinished(),
                goesTo: ["Gather"]
            )
            .State("Gather", static _ => NextState.GoTo("Done"), goesTo: ["Done"])
            .End("Done")
            .Build();

    /// <summary>Milliseconds from the call of create until the parent has finished; the second family counts.</summary>
    public static async Task<double> RunAsync(EngineOptions engineOptions)
    {
        await using var engine = await EngineUnderTest.StartAsync(engineOptions);
        await OneAsync(engine, "warmup");
        return await OneAsync(engine, "family");
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
