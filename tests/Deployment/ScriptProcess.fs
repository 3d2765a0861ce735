namespace GopherFlow.Deployment.Tests

open System
open System.Threading
open GopherFlow.Definitions
open GopherFlow.Scripting
open GopherFlow.Storage
open GopherFlow.TestSupport
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

/// One process with scripts: an executor over a store and the script services of that store, on a virtual clock.
type internal ScriptProcess
    private
    (
        engine: EngineHarness,
        compiler: ScriptCompiler,
        settings,
        store: TestStore,
        scripts: IScriptStore,
        webhooks: string list,
        logs: LogCollector
    ) =
    let versions = LoadedVersions(compiler, scripts)
    let log = (logs :> ILoggerFactory).CreateLogger "scripts"

    /// One error for each webhook that is not in the settings of this process.
    let webhookFaults (definition: WorkflowDefinition) =
        definition.Webhooks
        |> Seq.filter (fun webhook -> not (List.contains webhook.Name webhooks))
        |> Seq.map (fun webhook -> DefinitionFault(definition.Name, null, $"does not know {webhook.Name}"))

    let catalogue =
        new ScriptCatalogue(engine.Registry, versions, scripts, store.Workflows, webhookFaults, engine.Clock, log)

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

    /// Polls for script changes, as the host does every second.
    member _.PollAsync() =
        catalogue.RefreshAsync CancellationToken.None

    static member Settings: ScriptSettings = {
        Folder = None
        CacheFolder = ""
        DeployOverApi = true
        LoadLimit = TimeSpan.FromSeconds 5.
    }

    static member StartAsync
        (
            store: TestStore,
            clock: VirtualClock,
            compiler: ScriptCompiler,
            ?register,
            ?scripts: IScriptStore,
            ?webhooks: string list
        ) =
        task {
            let logs = new LogCollector()

            let! engine =
                EngineHarness.StartAsync(store, clock, defaultArg register ignore, loggers = logs)

            let scripts = defaultArg scripts store.Scripts
            let webhooks = defaultArg webhooks [ "shop" ]

            return new ScriptProcess(engine, compiler, ScriptProcess.Settings, store, scripts, webhooks, logs)
        }

    interface IAsyncDisposable with
        member _.DisposeAsync() = engine.DisposeAsync()
