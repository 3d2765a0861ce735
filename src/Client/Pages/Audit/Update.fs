module GopherFlow.Client.Pages.Audit.Update

open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Pages.Audit.Model

let everything = {
    Actor = ""
    Action = ""
    TargetKind = ""
    TargetId = ""
    From = ""
    To = ""
}

/// An instant of the URL in the format of a date field.
let private toField (text: string) : string =
    match Instant.tryParse text with
    | Some at -> (Instant.exact at).Replace(" ", "T")
    | None -> ""

let private ofField (text: string) : string =
    ofLocalField text |> Option.map Instant.iso |> Option.defaultValue ""

/// The place in a URL.
let ofPairs (pairs: (string * string) list) : Place =
    let value name =
        pairs
        |> List.tryFind (fst >> (=) name)
        |> Option.map snd
        |> Option.defaultValue ""

    {
        Filter = {
            Actor = value "actor"
            Action = value "action"
            TargetKind = value "targetKind"
            TargetId = value "targetId"
            From = toField (value "from")
            To = toField (value "to")
        }
        Cursor = Some(value "cursor") |> Option.filter ((<>) "")
    }

/// The parameters of the API, which are also those of the URL.
let toPairs (place: Place) : (string * string) list =
    let filter = place.Filter

    [
        "actor", filter.Actor.Trim()
        "action", filter.Action.Trim()
        "targetKind", filter.TargetKind
        "targetId", filter.TargetId.Trim()
        "from", ofField filter.From
        "to", ofField filter.To
        "cursor", place.Cursor |> Option.defaultValue ""
    ]
    |> List.filter (snd >> (<>) "")

let init (place: Place) : Model = { Draft = place.Filter; Shown = place }

let private go (place: Place) = [ Go(Router.Audit(toPairs place)) ]

let private newest (filter: Filter) = go { Filter = filter; Cursor = None }

let update (msg: Msg) (model: Model) : Model * Command list =
    match msg with
    | Edit draft -> { model with Draft = draft }, []
    | Apply -> model, newest model.Draft
    | Clear -> { model with Draft = everything }, newest everything
    | Older cursor ->
        model,
        go {
            model.Shown with
                Cursor = Some cursor
        }
    | Newest -> model, newest model.Shown.Filter
    | Came place -> init place, []
