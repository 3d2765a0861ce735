namespace GopherFlow.Scripting

open System
open System.IO
open FSharp.Compiler.Diagnostics

module internal Compilation =

    /// The output is a program, because the top-level code of a library would run in a type initializer, which cannot be ended.
    let private flags = [
        "--target:exe"
        "--noframework"
        "--simpleresolution"
        "--nowin32manifest"
        "--debug:embedded"
        "--deterministic+"
        "--optimize-"
        "--crossoptimize-"
        "--tailcalls+"
        "--nointerfacedata"
        "--nooptimizationdata"
        "--define:COMPILED"
        // A parallel compilation optimizes on thread pool threads, whose stacks are too small.
        "--parallelcompilation-"
        "--nowarn:75"
        "--nowarn:988"
    ]

    let private severityOf (severity: FSharpDiagnosticSeverity) =
        match severity with
        | FSharpDiagnosticSeverity.Error -> Severity.Error
        | FSharpDiagnosticSeverity.Warning -> Severity.Warning
        | _ -> Severity.Info

    let private diagnosticOf (bundle: Bundle) (found: FSharpDiagnostic) : Diagnostic =
        let file =
            bundle.Files
            |> List.map fst
            |> List.tryFind (fun name -> String.Equals(name, Path.GetFileName found.FileName))

        {
            File = file |> Option.defaultValue bundle.Main.Name
            Line = max 1 found.StartLine
            Column = if file.IsSome then found.StartColumn + 1 else 1
            EndLine = max 1 found.EndLine
            EndColumn = if file.IsSome then found.EndColumn + 1 else 1
            Severity = severityOf found.Severity
            Code = found.ErrorNumberText
            Text = OperationDescriptions.describe found.Message
        }

    let private write folder (name: string, text: string) =
        let path = Path.Combine(folder, name)
        File.WriteAllText(path, text)
        path

    let private assemblyName (bundle: Bundle) version =
        $"{Path.GetFileNameWithoutExtension bundle.Main.Name}-{version}"

    /// Compiles in a temporary folder.
    let run
        (turn: CompilerSession)
        (references: References)
        (version: string)
        (bundle: Bundle)
        : Result<CompiledScript, Diagnostic list> =
        let folder = Directory.CreateTempSubdirectory("gopherflow-script-").FullName

        try
            let output = Path.Combine(folder, assemblyName bundle version + ".dll")
            let sources = bundle.Files |> List.map (write folder)

            let arguments =
                [
                    "fsc.exe"
                    $"-o:{output}"
                    $"--pathmap:{folder}{Path.DirectorySeparatorChar}="
                    yield! flags
                    for path in references.Paths() @ bundle.Libraries do
                        $"-r:{path}"
                    yield! sources
                ]
                |> Array.ofList

            let found, failure = turn.Wait(turn.Checker.Compile arguments)
            let diagnostics = found |> Array.map (diagnosticOf bundle) |> List.ofArray

            match List.exists Diagnostic.isError diagnostics, failure with
            | true, _ -> Error diagnostics
            | false, Some failure ->
                Error [
                    Diagnostic.fault
                        (Place.startOf bundle.Main.Name)
                        Diagnostic.CompilerFailed
                        $"The compiler failed: {failure.Message}"
                ]
            | false, None ->
                let guarded = Path.Combine(folder, "guarded.dll")
                Weaver.weave output guarded

                Ok {
                    Assembly = File.ReadAllBytes guarded
                    Modules = bundle.Main.Modules
                    Warnings = diagnostics
                }
        finally
            Directory.Delete(folder, recursive = true)
