namespace GopherFlow.Scripting.Tests

open System
open System.IO
open System.Threading
open GopherFlow.Scripting

/// A temporary folder that is deleted on dispose.
type TemporaryFolder() =
    let folder = Directory.CreateTempSubdirectory "gopherflow-test-"

    member _.Path = folder.FullName

    interface IDisposable with
        member _.Dispose() = folder.Delete(recursive = true)

module Scripts =

    /// One warm compiler for all tests, as in an application. Its load limit is short because some tests exceed it.
    let newCompiler () =
        new ScriptCompiler(
            {
                ScriptCompilerOptions.defaults with
                    Limits = {
                        ScriptLimits.defaults with
                            Loading = TimeSpan.FromSeconds 1.5
                    }
            }
        )

    let demos = Path.Combine(AppContext.BaseDirectory, "scripts") |> ScriptFolder.read

    let demo name =
        demos |> List.find (fun script -> script.Name = name)

    let describe (diagnostics: Diagnostic list) =
        diagnostics |> List.map string |> String.concat "\n"

    let loaded (result: Result<LoadedScript, Diagnostic list>) =
        match result with
        | Ok script -> script
        | Error diagnostics -> failwith (describe diagnostics)

    let faults (result: Result<LoadedScript, Diagnostic list>) =
        match result with
        | Ok script ->
            script.Dispose()
            []
        | Error diagnostics -> diagnostics

    let compile (compiler: ScriptCompiler) source =
        compiler.CompileAsync(source, CancellationToken.None)

    let check (compiler: ScriptCompiler) source =
        compiler.CheckAsync(source, CancellationToken.None)

    let opening =
        "open System\nopen System.Threading\nopen System.Threading.Tasks\nopen GopherFlow.Authoring\nopen GopherFlow.FSharp\n"

    /// The number of the first line after the opening.
    let firstLine = 6

    /// A workflow with one step, whose function is `work`.
    let closing =
        "\nlet workflow = workflow \"Test\" { start \"Work\" work [ \"Done\"; \"Work\"; \"Broken\" ]; error \"Broken\"; finish \"Done\" }\n"

    let valid = "let work (step: Step) = goto \"Done\""

    /// A script with one step. The code starts at <c>firstLine</c>.
    let script code =
        ScriptSource.single "Test.fsx" (opening + code + closing)
