namespace GopherFlow.Scripting.Tests

open System
open System.IO
open System.Threading
open GopherFlow.Scripting
open Xunit

/// One warm compiler for all tests, as an application has it.
type WarmCompiler() =
    let compiler = new ScriptCompiler(ScriptCompilerOptions.defaults)

    member _.Compiler = compiler

    interface IDisposable with
        member _.Dispose() = (compiler :> IDisposable).Dispose()

[<CollectionDefinition("compiler")>]
type CompilerCollection() =
    interface ICollectionFixture<WarmCompiler>

module Scripts =

    let demos = Path.Combine(AppContext.BaseDirectory, "scripts") |> ScriptFolder.read

    let demo name =
        demos |> List.find (fun script -> script.Name = name)

    let describe (diagnostics: Diagnostic list) =
        diagnostics |> List.map string |> String.concat "\n"

    let loaded (result: Result<LoadedScript, Diagnostic list>) =
        match result with
        | Ok script -> script
        | Error diagnostics -> failwith (describe diagnostics)

    let compile (compiler: ScriptCompiler) source =
        compiler.CompileAsync(source, TestContext.Current.CancellationToken)
