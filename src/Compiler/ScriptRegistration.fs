namespace GopherFlow.Scripting

open System
open System.Runtime.CompilerServices
open GopherFlow.Hosting
open Microsoft.Extensions.DependencyInjection

/// <summary>Adds F# scripts to an application.</summary>
[<AbstractClass; Sealed; Extension>]
type ScriptRegistration =

    static member private Compiler(settings: ScriptSettings) =
        new ScriptCompiler(
            {
                ScriptCompilerOptions.defaults with
                    Libraries = settings.Folder |> Option.map ScriptFolder.libraries
                    Cache = Some settings.CacheFolder
                    Limits = {
                        ScriptLimits.defaults with
                            Loading = settings.LoadLimit
                    }
            }
        )

    /// <summary>
    /// Compiles and runs the scripts in the folder <c>GFLOW_SCRIPTS_DIR</c> and those that are deployed over the API. Without this the
    /// scripts of other processes are visible but are not run.
    /// </summary>
    [<Extension>]
    static member UseScripts(registration: GopherFlowRegistration) : GopherFlowRegistration =
        ArgumentNullException.ThrowIfNull registration

        registration.ConfigureServices(fun services ->
            services.AddSingleton<IScriptCompiler>(fun provider ->
                ScriptRegistration.Compiler(provider.GetRequiredService<ScriptSettings>()) :> IScriptCompiler)
            |> ignore)
