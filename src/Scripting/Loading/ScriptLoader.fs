namespace GopherFlow.Scripting

open System
open System.Diagnostics
open System.Reflection
open System.Threading.Tasks
open GopherFlow.Definitions

/// Loads a compiled script and finds its workflow.
module internal ScriptLoader =

    [<Literal>]
    let private StackBytes = 16777216

    let private everywhere =
        BindingFlags.Public
        ||| BindingFlags.NonPublic
        ||| BindingFlags.Static
        ||| BindingFlags.DeclaredOnly

    let private isWithin (modules: string list) (candidate: Type) =
        let name = (string candidate.FullName).Replace('+', '.')

        modules
        |> List.exists (fun parent ->
            name = parent
            || name = parent + "Module"
            || name.StartsWith(parent + ".", StringComparison.Ordinal))

    let private valuesOf (assembly: Assembly) modules =
        assembly.GetTypes()
        |> Seq.filter (fun candidate -> isWithin modules candidate && not candidate.ContainsGenericParameters)
        |> Seq.collect _.GetProperties(everywhere)
        |> Seq.filter (fun property ->
            property.PropertyType = typeof<WorkflowDefinition>
            && property.GetIndexParameters().Length = 0)
        |> Seq.map (fun property -> property.Name, property.GetValue null)
        |> Seq.choose (function
            | name, (:? WorkflowDefinition as definition) -> Some(name, definition)
            | _ -> None)
        |> Seq.distinctBy (fun (_, definition) -> LanguagePrimitives.PhysicalHash definition)
        |> List.ofSeq

    /// Runs the top-level code of a script.
    let private runMain (assembly: Assembly) =
        match assembly.EntryPoint with
        | null -> ()
        | main ->
            let arguments: objnull array =
                if main.GetParameters().Length = 0 then
                    [||]
                else
                    [| Array.empty<string> |]

            main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)
            |> ignore

    /// The innermost stack frame of an exception that is in the script or in a file that it loads.
    let placeOf (source: ScriptSource) (failure: exn) : Place =
        let names = source.Name :: List.map fst (Map.toList source.Loaded)

        let rec innermost (failure: exn) =
            match failure.InnerException with
            | null -> [ failure ]
            | inner -> innermost inner @ [ failure ]

        innermost failure
        |> Seq.collect (fun failure -> StackTrace(failure, true).GetFrames())
        |> Seq.tryPick (fun frame ->
            match frame.GetFileName() with
            | null -> None
            | file ->
                names
                |> List.tryFind (fun name -> String.Equals(IO.Path.GetFileName file, name))
                |> Option.map (fun name -> Place.lineOf name (frame.GetFileLineNumber())))
        |> Option.defaultValue (Place.startOf source.Name)

    let private describe (failure: exn) =
        match failure with
        | :? TypeInitializationException as wrapper when not (isNull wrapper.InnerException) ->
            let inner = Unchecked.nonNull wrapper.InnerException
            $"{inner.GetType().Name}: {inner.Message}"
        | failure -> $"{failure.GetType().Name}: {failure.Message}"

    let private threw source failure =
        Diagnostic.fault
            (placeOf source failure)
            Diagnostic.Threw
            $"The script threw while it was loaded. {describe failure}"

    let private outOfTime (source: ScriptSource) (limit: TimeSpan) rest =
        Diagnostic.fault
            (Place.startOf source.Name)
            Diagnostic.LoadLimit
            $"The top-level code of the script did not end within {limit.TotalSeconds} s{rest}. Move slow code into a state function."

    let private only (source: ScriptSource) (found: (string * WorkflowDefinition) list) =
        match found with
        | [ _, definition ] -> Ok definition
        | [] ->
            Error [
                Diagnostic.fault
                    (Place.startOf source.Name)
                    Diagnostic.NoWorkflow
                    "The script has no workflow. It needs one top-level value such as: let workflow = workflow \"Name\" { ... }"
            ]
        | several ->
            let names =
                several
                |> List.map (fun (name, definition) -> $"{name} (\"{definition.Name}\")")
                |> String.concat ", "

            Error [
                Diagnostic.fault
                    (Place.startOf source.Name)
                    Diagnostic.SeveralWorkflows
                    $"The script has {several.Length} workflows: {names}. A script has exactly one; put each into a file of its own."
            ]

    /// Loads a compiled script and returns the definition that it creates.
    let load
        (limit: TimeSpan)
        (source: ScriptSource)
        (context: ScriptContext)
        (compiled: CompiledScript)
        : Task<Result<WorkflowDefinition, Diagnostic list>> =
        task {
            let assembly = context.LoadBytes compiled.Assembly

            let! ended, _ =
                TimedRun.start $"loading {source.Name}" StackBytes limit (fun _ ->
                    runMain assembly
                    valuesOf assembly compiled.Modules)

            return
                match ended with
                | Finished found -> only source found
                | Threw failure -> Error [ threw source failure ]
                | Stopped -> Error [ outOfTime source limit " and was ended" ]
                | Unstoppable ->
                    Error [
                        outOfTime
                            source
                            limit
                            " and cannot be ended: it keeps a thread busy until the process is restarted"
                    ]
        }
