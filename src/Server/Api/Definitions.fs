namespace GopherFlow.Server

open System.Threading
open GopherFlow.Definitions
open GopherFlow.Storage

/// Stored definitions: `list` and `get` are handlers; `statesOf` and `statesOfVersion` help to validate state names.
module internal Definitions =

    let private answer (services: Services) definition =
        Content(Responses.definition (Services.canRun services) definition)

    /// GET /api/definitions.
    let list (services: Services) () : Handler =
        fun http ->
            task {
                let! found = services.Store.DefinitionsAsync http.RequestAborted

                let answers = found |> Seq.map (Responses.definition (Services.canRun services))

                return Content(List.ofSeq answers)
            }

    let private find (services: Services) (name: string) (cancellation: CancellationToken) =
        task {
            let! found = services.Store.DefinitionsAsync cancellation
            return found |> Seq.tryFind (fun definition -> definition.Name = name)
        }

    let unknown name =
        Problem.notFound "name" (Excerpt.ofText name) "the name of a definition"

    let private ofVersion (services: Services) (name: string) (version: string) : Handler =
        fun http ->
            task {
                let! versions = services.Store.DefinitionVersionsAsync(name, http.RequestAborted)

                match versions |> Seq.tryFind (fun definition -> definition.Version = version) with
                | Some definition -> return answer services definition
                | None when versions.Count = 0 -> return Refusal(unknown name)
                | None ->
                    let known = versions |> Seq.map _.Version |> String.concat ", "
                    return Refusal(Problem.notFound "version" (Excerpt.ofText version) $"a version of {name}: {known}")
            }

    let private newest (services: Services) (name: string) : Handler =
        fun http ->
            task {
                match! find services name http.RequestAborted with
                | Some definition -> return answer services definition
                | None -> return Refusal(unknown name)
            }

    /// GET /api/definitions/{name}: the newest version, or the one in the query.
    let get (services: Services) (name: string, version: string option) : Handler =
        match version with
        | Some version -> ofVersion services name version
        | None -> newest services name

    let private stateNames (definition: DefinitionRecord) =
        DefinitionShape.Parse(definition.Shape).States |> Seq.map _.Name |> List.ofSeq

    /// The names of the states of a version; None if it is not stored.
    let statesOfVersion (services: Services) (name: string) (version: string) (cancellation: CancellationToken) =
        task {
            let! versions = services.Store.DefinitionVersionsAsync(name, cancellation)

            return
                versions
                |> Seq.tryFind (fun definition -> definition.Version = version)
                |> Option.map stateNames
        }

    /// The names of the states of a definition of this process or another; None if there is no such definition.
    let statesOf (services: Services) (name: string) (cancellation: CancellationToken) =
        task {
            match services.Registry.TryFind name with
            | true, definition -> return definition.States |> Seq.map _.Name |> List.ofSeq |> Some
            | _ ->
                let! stored = find services name cancellation

                return Option.map stateNames stored
        }
