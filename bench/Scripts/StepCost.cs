using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Scripting;
using GopherFlow.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.FSharp.Collections;

namespace GopherFlow.Bench.Scripts;

/// <summary>
/// Runs a workflow that loops through one state many times, alternately as a class and as a script. The in-memory store is so cheap that
/// the cost of a state function would be visible.
/// </summary>
internal static class StepCost
{
    private const int Rounds = 100_000;
    private const int Turns = 7;

    private const string Source = """
        open GopherFlow.FSharp

        let turn (step: Step) =
            let count = step.Vars.TryGet<int> "count" |> Option.defaultValue 0
            step.Vars.Set("count", count + 1)
            if count < ROUNDS then goto "Turn" else goto "Done"

        let workflow =
            workflow "Script" {
                start "Turn" turn [ "Turn"; "Done" ]
                finish "Done"
            }
        """;

    public static async Task PrintAsync()
    {
        using var compiler = new ScriptCompiler(ScriptCompilerOptionsModule.defaults);
        var source = new ScriptSource(
            "Script.fsx",
            Source.Replace("ROUNDS", $"{Rounds}", StringComparison.Ordinal),
            MapModule.Empty<string, string>()
        );
        var compiled = await compiler.CompileAsync(source, CancellationToken.None);
        using var script = compiled.ResultValue;
        var classes = new List<double>();
        var scripts = new List<double>();
        await using var engine = await StartAsync(script.Definition);
        for (var turn = 0; turn <= Turns; turn++)
        {
            var (ofClass, ofScript) = (await RunAsync(engine, "Class", turn), await RunAsync(engine, "Script", turn));
            if (turn > 0)
            {
                classes.Add(ofClass);
                scripts.Add(ofScript);
            }
        }

        var (one, other) = (ScriptBench.Median(classes), ScriptBench.Median(scripts));
        var ratios = classes.Zip(scripts, (ofClass, ofScript) => ofScript / ofClass).ToList();
        Console.WriteLine($"A step in memory, medians of {Turns} turns of {Rounds} steps each:");
        Console.WriteLine(
            $"class {one:0.00} us, script {other:0.00} us, ratio {other / one:0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})."
        );
    }

    private static async Task<ServiceHost> StartAsync(WorkflowDefinition script)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddGopherFlowEngine(
            new EngineOptions { StepsWithoutWait = 0 },
            registration => registration.UseInMemory().AddDefinition(InCSharp).AddDefinition(script)
        );
        var host = builder.Build();
        await host.StartAsync();
        return new ServiceHost(host);
    }

    /// <returns>Microseconds per step.</returns>
    private static async Task<double> RunAsync(ServiceHost engine, string workflowType, int turn)
    {
        var began = Stopwatch.GetTimestamp();
        var created = await engine.Operations.CreateAsync(
            new CreateWorkflow
            {
                ExternalId = $"{workflowType}-{turn}",
                WorkflowType = workflowType,
                BusinessKey = "bench",
            }
        );
        await engine.Operations.WaitAsync(created.Id, ["Done"], TimeSpan.FromMinutes(5));
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds / Rounds;
    }

    private static WorkflowDefinition InCSharp { get; } =
        WorkflowDefinitionBuilder
            .Named("Class")
            .Start(
                "Turn",
                static step =>
                {
                    var count = step.Variables.Get("count", 0);
                    step.Variables.Set("count", count + 1);
                    return NextState.GoTo(count < Rounds ? "Turn" : "Done");
                },
                goesTo: ["Turn", "Done"]
            )
            .End("Done")
            .Build();

    private sealed class ServiceHost(IHost host) : IAsyncDisposable
    {
        public WorkflowOperations Operations => host.Services.GetRequiredService<WorkflowOperations>();

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
