namespace GopherFlow.Server

open System.Threading
open GopherFlow.Definitions

/// Definitions as they are stored: `list`, `get`, and `statesOf` for those who check the name of a state.
module Definitions =

    let private isRegistered (services: Services) name =
        match services.Registry.TryFind name with
        | found, _ -> found

    /// GET /api/definitions.
    let list (services: Services) : Handler =
        fun http ->
            task {
                let! found = services.Store.DefinitionsAsync http.RequestAborted
                let answers = found |> Seq.map (Responses.definition (isRegistered services))
                return Content(List.ofSeq answers)
            }

    let private find (services: Services) (name: string) (cancellation: CancellationToken) =
        task {
            let! found = services.Store.DefinitionsAsync cancellation
            return found |> Seq.tryFind (fun definition -> definition.Name = name)
        }

    /// GET /api/definitions/{name}.
    let get (services: Services) (name: string) : Handler =
        fun http ->
            task {
                match! find services name http.RequestAborted with
                | Some definition -> return Content(Responses.definition (isRegistered services) definition)
                | None -> return Refusal(Problem.notFound "name" name "the name of a definition")
            }

    /// The names of the states of a definition that runs here or elsewhere; None when nobody has it.
    let statesOf (services: Services) (name: string) (cancellation: CancellationToken) =
        task {
            match services.Registry.TryFind name with
            | true, definition -> return definition.States |> Seq.map _.Name |> List.ofSeq |> Some
            | _ ->
                let! stored = find services name cancellation

                return
                    stored
                    |> Option.map (fun definition ->
                        DefinitionShape.Parse(definition.Shape).States |> Seq.map _.Name |> List.ofSeq)
        }
