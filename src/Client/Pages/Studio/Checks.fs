/// Checks the text while it is being written, and keeps the definition that the last check without errors returned.
module GopherFlow.Client.Pages.Studio.Checks

open GopherFlow.Contract
open GopherFlow.Client.Pages.Studio.Model

/// Only one check runs at a time. Text typed meanwhile is checked after its answer.
let due (edit: int) (model: Model) : Model * Effect list =
    if edit <> model.Edit || model.Checking.IsSome || not model.Admin then
        model, []
    else
        { model with Checking = Some edit }, [ Check(edit, model.Source) ]

/// Keeps the known object when the definition is equal, so that the diagram is not laid out again.
let machine (known: Definition option) (found: Definition) : Definition =
    match known with
    | Some known when
        known.States = found.States
        && known.InitialState = found.InitialState
        && known.Retry = found.Retry
        && known.Name = found.Name
        ->
        known
    | _ -> found

let private isClean (found: CheckedScript) =
    not (List.exists isFault found.Diagnostics)

let ended (edit: int) (answer: Result<CheckedScript, string>) (model: Model) : Model * Effect list =
    let model = { model with Checking = None }

    if edit <> model.Edit then
        due model.Edit model
    else
        {
            model with
                Found = Some { Edit = edit; Answer = answer }
                Machine =
                    match answer with
                    | Ok({ Definition = Some definition } as found) when isClean found ->
                        Some(machine model.Machine definition)
                    | _ -> model.Machine
        },
        []
