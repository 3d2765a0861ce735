namespace GopherFlow.Server

open System.Threading
open GopherFlow.Contract
open GopherFlow.Definitions
open GopherFlow.Storage
open GopherFlow.Scripting

/// Stored scripts: `list`, `get`, `getVersion`, `differences`.
module internal Scripts =

    let unknown name =
        Problem.notFound "name" (Excerpt.ofText name) "the name of a script"

    /// GET /api/scripts.
    let list (services: Services) () : Handler =
        fun http ->
            task {
                let! scripts = services.Scripts.ListAsync http.RequestAborted
                let! unfinished = Unfinished.read services http.RequestAborted

                let answer (script: ScriptRecord) =
                    ScriptResponses.script
                        (Unfinished.ofDefinition unfinished script.Name)
                        (services.Scripts.DiagnosticsOf script)
                        script

                return Content(List.map answer scripts)
            }

    let private details
        (services: Services)
        (unfinished: Unfinished)
        (found: GopherFlow.Scripting.ScriptDetails)
        : GopherFlow.Contract.ScriptDetails =
        let name = found.Script.Name

        let head =
            ScriptResponses.script (Unfinished.ofDefinition unfinished name) found.Diagnostics found.Script

        let version =
            ScriptResponses.version
                (Unfinished.ofVersion unfinished name)
                (fun version -> Services.canRun services (DefinitionKey(name, version)))
                head.CurrentVersion

        {
            Name = name
            CurrentVersion = head.CurrentVersion
            Enabled = head.Enabled
            Updated = head.Updated
            Unfinished = head.Unfinished
            Refused = head.Refused
            Source = found.Current |> Option.map _.Source
            Loaded =
                found.Current
                |> Option.map (services.Scripts.LoadedOf >> ScriptResponses.loaded)
                |> Option.defaultValue []
            Versions = List.map version found.Versions
        }

    /// GET /api/scripts/{name}.
    let get (services: Services) (name: string) : Handler =
        fun http ->
            task {
                match! services.Scripts.FindAsync(name, http.RequestAborted) with
                | None -> return Refusal(unknown name)
                | Some found ->
                    let! unfinished = Unfinished.read services http.RequestAborted
                    return Content(details services unfinished found)
            }

    let private find (services: Services) field name version (cancellation: CancellationToken) =
        task {
            match! services.Scripts.FindVersionAsync(name, version, cancellation) with
            | Some found -> return Ok found
            | None -> return Error(Problem.notFound field (Excerpt.ofText version) $"a version of the script {name}")
        }

    /// GET /api/scripts/{name}/versions/{version}.
    let getVersion (services: Services) (name: string, version: string) : Handler =
        fun http ->
            task {
                match! find services "version" name version http.RequestAborted with
                | Ok found -> return Content(ScriptResponses.source (services.Scripts.LoadedOf found) found)
                | Error problem -> return Refusal problem
            }

    let private ofFile file (older: string) (newer: string) : FileDifference = {
        File = file
        Lines = Differences.between older newer |> ScriptResponses.lines
    }

    let private ofLoaded (older: Map<string, string>) (newer: Map<string, string>) =
        Set.union (Set.ofSeq older.Keys) (Set.ofSeq newer.Keys)
        |> List.ofSeq
        |> List.filter (fun file -> Map.tryFind file older <> Map.tryFind file newer)
        |> List.map (fun file ->
            let textIn files =
                Map.tryFind file files |> Option.defaultValue ""

            ofFile file (textIn older) (textIn newer))

    let private between (services: Services) (older: ScriptVersionRecord) (newer: ScriptVersionRecord) = {
        From = older.Version
        To = newer.Version
        Files =
            ofFile $"{newer.Name}.fsx" older.Source newer.Source
            :: ofLoaded (services.Scripts.LoadedOf older) (services.Scripts.LoadedOf newer)
    }

    /// GET /api/scripts/{name}/differences.
    let differences (services: Services) (name: string, from: string, target: string) : Handler =
        fun http ->
            task {
                let! older = find services "from" name from http.RequestAborted
                let! newer = find services "to" name target http.RequestAborted

                match older, newer with
                | Ok older, Ok newer -> return Content(between services older newer)
                | Error problem, _
                | _, Error problem -> return Refusal problem
            }
