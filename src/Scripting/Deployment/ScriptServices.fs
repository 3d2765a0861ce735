namespace GopherFlow.Scripting

open System
open System.IO
open System.Runtime.CompilerServices
open GopherFlow.Definitions
open GopherFlow.Execution
open GopherFlow.Settings
open GopherFlow.Storage
open GopherFlow.Webhooks
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.DependencyInjection.Extensions
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// <summary>Adds scripts to an application.</summary>
[<AbstractClass; Sealed; Extension>]
type ScriptServices =

    /// <summary>
    /// Adds <see cref="T:GopherFlow.Scripting.ScriptOperations"/> and a background service that polls the scripts in the database and in
    /// the folder. Add the engine first, because it opens the store.
    /// </summary>
    [<Extension>]
    static member AddGopherFlowScripts(services: IServiceCollection, settings: ScriptSettings) =
        ArgumentNullException.ThrowIfNull services

        let loggerOf (provider: IServiceProvider) =
            provider.GetRequiredService<ILoggerFactory>().CreateLogger "GopherFlow.Scripts"

        // A process that runs no workflows needs no webhook receivers.
        let webhookFaults (provider: IServiceProvider) =
            if provider.GetRequiredService<EngineOptions>().IsEnabled then
                provider.GetRequiredService<WebhookTargets>().FaultsOf
            else
                fun _ -> Seq.empty

        services.TryAddSingleton<IScriptCompiler, NoScriptCompiler>()

        services
            .AddSingleton<ScriptSettings>(settings)
            .AddSingleton<LoadedVersions>(fun provider ->
                LoadedVersions(
                    provider.GetRequiredService<IScriptCompiler>(),
                    provider.GetRequiredService<IScriptStore>()
                ))
            .AddSingleton<ScriptCatalogue>(fun provider ->
                new ScriptCatalogue(
                    provider.GetRequiredService<DefinitionRegistry>(),
                    provider.GetRequiredService<LoadedVersions>(),
                    provider.GetRequiredService<IScriptStore>(),
                    provider.GetRequiredService<IWorkflowStore>(),
                    webhookFaults provider,
                    provider.GetRequiredService<Executor>().Clock,
                    loggerOf provider
                ))
            .AddSingleton<ScriptDeployment>(fun provider ->
                new ScriptDeployment(
                    provider.GetRequiredService<DefinitionRegistry>(),
                    provider.GetRequiredService<IScriptCompiler>(),
                    provider.GetRequiredService<LoadedVersions>(),
                    provider.GetRequiredService<ScriptCatalogue>(),
                    provider.GetRequiredService<IScriptStore>(),
                    webhookFaults provider,
                    provider.GetRequiredService<Executor>().Clock,
                    loggerOf provider
                ))
            .AddSingleton<ScriptOperations>(fun provider ->
                ScriptOperations(
                    settings,
                    provider.GetRequiredService<IScriptCompiler>(),
                    provider.GetRequiredService<ScriptDeployment>(),
                    provider.GetRequiredService<ScriptCatalogue>(),
                    provider.GetRequiredService<IScriptStore>(),
                    provider.GetRequiredService<DefinitionRegistry>(),
                    provider.GetRequiredService<IServiceScopeFactory>(),
                    Option.ofObj (provider.GetRequiredService<EngineOptions>().VariablesJson),
                    provider.GetRequiredService<Executor>().Clock
                ))
            .AddSingleton<ScriptHost>(fun provider ->
                new ScriptHost(
                    settings,
                    provider.GetRequiredService<IScriptStore>(),
                    provider.GetRequiredService<ScriptCatalogue>(),
                    provider.GetRequiredService<ScriptDeployment>(),
                    provider.GetRequiredService<Executor>().Clock,
                    loggerOf provider
                ))
            .AddHostedService<ScriptHost>(fun provider -> provider.GetRequiredService<ScriptHost>())
