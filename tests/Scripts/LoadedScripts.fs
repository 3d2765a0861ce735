namespace GopherFlow.Scripts.Tests

open System
open System.Collections.Concurrent
open System.IO
open System.Threading
open System.Threading.Tasks
open GopherFlow.Definitions
open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

/// The scripts of the scripts folder. Each is compiled once, on first use.
type LoadedScripts() =
    let compiler = new ScriptCompiler(ScriptCompilerOptions.defaults)
    let compiled = ConcurrentDictionary<string, Lazy<Task<WorkflowDefinition>>>()

    let sources =
        lazy (Path.Combine(AppContext.BaseDirectory, "scripts") |> ScriptFolder.read)

    let compile (name: string) =
        task {
            let source = sources.Value |> List.find (fun script -> script.Name = $"{name}.fsx")

            match! compiler.CompileAsync(source, CancellationToken.None) with
            | Ok script ->
                Expect.isEmpty script.Warnings "warnings"
                Expect.equal script.Definition.Name name "name"
                return script.Definition
            | Error faults -> return failwith (faults |> List.map string |> String.concat "\n")
        }

    do
        // A developer may have set GFLOW_DEMO_SPEED in the shell. The tests need full waits.
        Environment.SetEnvironmentVariable("GFLOW_DEMO_SPEED", null)

    member _.Definition(name: string) : Task<WorkflowDefinition> =
        compiled.GetOrAdd(name, (fun name -> lazy (compile name))).Value

    interface IDisposable with
        member _.Dispose() = (compiler :> IDisposable).Dispose()
