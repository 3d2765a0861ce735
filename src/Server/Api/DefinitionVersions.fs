namespace GopherFlow.Server

open System.Threading
open GopherFlow.Authoring
open GopherFlow.Contract
open GopherFlow.Definitions
open GopherFlow.Operations
open GopherFlow.Storage

/// The number of unfinished workflows by definition and version.
type Unfinished = Map<string * string, int64>

module internal Unfinished =

    /// Reads them from the stored counts.
    let read (services: Services) (cancellation: CancellationToken) =
        task {
            let! counts = services.Store.CountsAsync cancellation

            return
                counts
                |> Seq.filter (fun count -> not (count.Status.IsFinal()))
                |> Seq.groupBy (fun count -> count.WorkflowType, count.Version)
                |> Seq.map (fun (key, same) -> key, same |> Seq.sumBy _.Count)
                |> Map.ofSeq
        }

    let ofVersion (unfinished: Unfinished) (name: string) (version: string) =
        unfinished |> Map.tryFind (name, version) |> Option.defaultValue 0L

    let ofDefinition (unfinished: Unfinished) (name: string) =
        unfinished
        |> Map.toSeq
        |> Seq.filter (fun ((definition, _), _) -> definition = name)
        |> Seq.sumBy snd

/// The versions of a definition: `list`, and `move` to move workflows from one version to another.
module internal DefinitionVersions =

    let private currentOf (services: Services) (name: string) (versions: DefinitionRecord seq) =
        match services.Registry.TryFind name with
        | true, definition -> Some definition.Version
        | _ -> versions |> Seq.tryHead |> Option.map _.Version

    /// GET /api/definitions/{name}/versions: newest first.
    let list (services: Services) (name: string) : Handler =
        fun http ->
            task {
                let! versions = services.Store.DefinitionVersionsAsync(name, http.RequestAborted)
                let! unfinished = Unfinished.read services http.RequestAborted
                let current = currentOf services name versions

                let answer (definition: DefinitionRecord) : DefinitionVersion = {
                    Version = definition.Version
                    Created = definition.Created
                    Updated = definition.Updated
                    Unfinished = Unfinished.ofVersion unfinished name definition.Version
                    Registered = Services.canRun services (DefinitionKey(name, definition.Version))
                    Current = current = Some definition.Version
                }

                if versions.Count = 0 then
                    return Refusal(Definitions.unknown name)
                else
                    return Content(versions |> Seq.map answer |> List.ofSeq)
            }

    let private noteMove http (request: MoveVersionsRequest) (result: MoveVersionsResult) =
        Audit.note http {
            Audit.nothing with
                Before = Some {| version = request.From |}
                After =
                    Some {|
                        version = request.To
                        moved = result.Moved
                    |}
        }

    let private answer http (request: MoveVersionsRequest) (result: MoveVersionsResult) =
        let answer = ScriptResponses.move request.DryRun result

        match answer.Refusals with
        | _ when request.DryRun ->
            Audit.unchanged http
            Content answer
        | _ :: _ -> Refusal(Problem.moveRefused answer.Refusals answer.Plan)
        | [] ->
            noteMove http request result
            Content answer

    /// POST /api/definitions/{name}/move.
    let move (services: Services) (caller: Caller) (name: string, request: MoveVersionsRequest) : Handler =
        fun http ->
            task {
                let! versions = services.Store.DefinitionVersionsAsync(name, http.RequestAborted)

                if versions.Count = 0 then
                    return Refusal(Definitions.unknown name)
                else
                    let move =
                        MoveVersions(
                            Name = name,
                            From = request.From,
                            To = request.To,
                            States = request.States,
                            WorkflowIds = request.WorkflowIds,
                            DryRun = request.DryRun,
                            Actor = caller.Username
                        )

                    let! result = services.Versions.MoveAsync(move, http.RequestAborted)
                    return answer http request result
            }
