/// What the list of workflows is filtered by, its form in the address bar, and the search it asks of the server.
module GopherFlow.Client.Api.WorkflowFilter

open System
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Api.Types

type WorkflowFilter = {
    /// Matches an id, an external id or a business key.
    Text: string
    Type: string
    Status: Status option
    State: string
    /// Shows only what is older than this workflow.
    Cursor: string option
}

let empty = {
    Text = ""
    Type = ""
    Status = None
    State = ""
    Cursor = None
}

/// Whether anything narrows the list; the position in it does not.
let isNarrow (filter: WorkflowFilter) = { filter with Cursor = None } <> empty

let private tryId (text: string) : Id option =
    match Double.TryParse text with
    | true, value when value >= 0.0 && floor value = value -> Some value
    | _ -> None

let private tryStatus (text: string) =
    Status.all |> List.tryFind (fst >> (=) (text.ToUpper())) |> Option.map snd

let ofQuery (parameters: (string * string) list) : WorkflowFilter =
    let text name =
        parameters
        |> List.tryFind (fst >> (=) name)
        |> Option.map snd
        |> Option.defaultValue ""

    {
        Text = text "q"
        Type = text "type"
        Status = tryStatus (text "status")
        State = text "state"
        Cursor =
            Some(text "before")
            |> Option.filter (fun cursor -> (tryId cursor).IsSome && cursor <> "")
    }

let toQuery (filter: WorkflowFilter) : (string * string) list =
    [
        "q", filter.Text
        "type", filter.Type
        "status", filter.Status |> Option.map Status.wire |> Option.defaultValue ""
        "state", filter.State
        "before", filter.Cursor |> Option.defaultValue ""
    ]
    |> List.filter (fun (_, value) -> value <> "")

/// The body of a search for one page.
let toSearch (limit: int) (filter: WorkflowFilter) : obj =
    let text = filter.Text.Trim()

    createObj [
        "limit", box limit
        if text <> "" then
            "externalId", box text
            "businessKey", box text
        match tryId text with
        | Some id when text <> "" -> "id", box id
        | _ -> ()
        if filter.Type <> "" then
            "workflowType", box filter.Type
        match filter.Status with
        | Some status -> "status", box (Status.wire status)
        | None -> ()
        if filter.State <> "" then
            "state", box filter.State
        match filter.Cursor with
        | Some cursor -> "cursor", box cursor
        | None -> ()
    ]
