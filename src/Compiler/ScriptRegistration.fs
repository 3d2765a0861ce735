namespace GopherFlow.Scripting

open System
open System.Runtime.CompilerServices
open GopherFlow.Hosting
open Microsoft.Extensions.DependencyInjection

/// <summary>Has an application run F# scripts.</summary>
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
    /// Compiles and runs the scripts of the folder <c>GFLOW_SCRIPTS_DIR</c> and those that are deployed over the API. Without it the
    /// scripts of other processes are seen, but not run.
    /// </summary>
    [<Extension>]
    static member UseScripts(registration: GopherFlowRegistration) : GopherFlowRegistration =
        ArgumentNullException.ThrowIfNull registration

        registration.ConfigureServices(fun services ->
            services.AddSingleton<IScriptCompiler>(fun provider ->
                ScriptRegistration.Compiler(provider.GetRequiredService<ScriptSettings>()) :> IScriptCompiler)
            |> ignore)
