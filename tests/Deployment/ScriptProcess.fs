namespace GopherFlow.Deployment.Tests

open System
open System.Threading
open GopherFlow.Definitions
open GopherFlow.Scripting
open GopherFlow.Storage
open GopherFlow.TestSupport
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

/// What one process has of scripts: an executor over a store, and the scripts of that store beside it, on a clock that the test turns.
type internal ScriptProcess
    private
    (
        engine: EngineHarness,
        compiler: ScriptCompiler,
        settings,
        store: TestStore,
        scripts: IScriptStore,
        logs: LogCollector
    ) =
    let versions = LoadedVersions(compiler, scripts)
    let log = (logs :> ILoggerFactory).CreateLogger "scripts"

    let catalogue =
        new ScriptCatalogue(engine.Registry, versions, scripts, store.Workflows, engine.Clock, log)

    /// This process knows the webhook "shop".
    let webhookFaults (definition: WorkflowDefinition) =
        definition.Webhooks
        |> Seq.filter (fun webhook -> webhook.Name <> "shop")
        |> Seq.map (fun webhook -> DefinitionFault(definition.Name, null, $"does not know {webhook.Name}"))

    let deployment =
        new ScriptDeployment(engine.Registry, compiler, versions, catalogue, scripts, webhookFaults, engine.Clock, log)

    let services = ServiceCollection().BuildServiceProvider()

    let operations =
        ScriptOperations(
            settings,
            compiler,
            deployment,
            catalogue,
            scripts,
            engine.Registry,
            services.GetRequiredService<IServiceScopeFactory>(),
            None,
            engine.Clock
        )

    member _.Engine = engine
    member _.Versions = versions
    member _.Catalogue = catalogue
    member _.Deployment = deployment
    member _.Operations = operations
    member _.Logs = logs

    /// What the host does every second.
    member _.LookAsync() =
        catalogue.RefreshAsync CancellationToken.None

    static member Settings: ScriptSettings = {
        Folder = None
        CacheFolder = ""
        DeployOverApi = true
        LoadLimit = TimeSpan.FromSeconds 5.
    }

    static member StartAsync
        (store: TestStore, clock: VirtualClock, compiler: ScriptCompiler, ?register, ?scripts: IScriptStore)
        =
        task {
            let logs = new LogCollector()

            let! engine =
                EngineHarness.StartAsync(store, clock, defaultArg register ignore, loggers = logs)

            let scripts = defaultArg scripts store.Scripts
            return new ScriptProcess(engine, compiler, ScriptProcess.Settings, store, scripts, logs)
        }

    interface IAsyncDisposable with
        member _.DisposeAsync() = engine.DisposeAsync()
