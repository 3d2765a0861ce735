/// Turns a filter into requests to the server, and validates its terms.
module GopherFlow.Client.Api.FilterSearch

open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

let private statusNames =
    Status.all |> List.map (fst >> statusValue) |> String.concat ", "

let private expected (term: Term) : string option =
    let unless fits text = if fits then None else Some text

    let faultOf =
        function
        | Ok _ -> None
        | Result.Error text -> Some text

    let now = Instant.now ()

    match term.Field with
    | Field.Status -> unless (tryStatus term.Value).IsSome $"one of {statusNames}"
    | Field.Waits -> unless (List.contains term.Value waits) ("one of " + String.concat ", " waits)
    | Field.Parent ->
        unless (term.Value = NoParent || (FilterSpan.tryId term.Value).IsSome) "the id of a workflow, or none"
    | Field.Id -> faultOf (FilterSpan.readIds term.Value)
    | Field.In -> faultOf (FilterSpan.readLast now term.Value)
    | Field.Created
    | Field.Changed
    | Field.Ended -> faultOf (FilterSpan.read now term.Value)
    | Field.Key -> unless (term.Value <> "*") "a business key, or its beginning and *"
    | Field.Type
    | Field.Version
    | Field.State
    | Field.Group -> None

/// Whether the server accepts only one value.
let private isSingle (field: Field) =
    List.contains field [ Field.Key; Field.Parent; Field.Id ]

let private isSecond (filter: WorkflowFilter) (term: Term) =
    isSingle term.Field
    && filter.Terms |> List.tryFind (fun other -> other.Field = term.Field)
       <> Some term

/// The validation error of a term; None when it is valid.
let fault (filter: WorkflowFilter) (term: Term) : string option =
    match expected term with
    | Some expected -> Some $"Expected {expected}."
    | None when isSecond filter term -> Some $"Search for only one {nameOf term.Field} at a time."
    | None -> None

let isValid (filter: WorkflowFilter) : bool =
    filter.Terms |> List.forall (fault filter >> Option.isNone)

let private texts (name: string) (several: string list) = [
    if not several.IsEmpty then
        name, box (List.toArray several)
]

let private okay (results: Result<'a, string> list) : 'a list =
    results
    |> List.choose (function
        | Ok value -> Some value
        | Result.Error _ -> None)

let private instants (name: string) (spans: Result<FilterSpan.Span, string> list) =
    let span = FilterSpan.meet (okay spans)

    [
        match span.From with
        | Some at -> $"{name}From", box (Instant.iso at)
        | None -> ()
        match span.Before with
        | Some at -> $"{name}Before", box (Instant.iso at)
        | None -> ()
    ]

let private key (filter: WorkflowFilter) =
    match values Field.Key filter with
    | value :: _ when value.EndsWith "*" -> [ "businessKeyPrefix", box (value.Substring(0, value.Length - 1)) ]
    | value :: _ -> [ "businessKey", box value ]
    | [] -> []

let private parent (filter: WorkflowFilter) =
    match values Field.Parent filter with
    | NoParent :: _ -> [ "withoutParent", box true ]
    | value :: _ -> [ "parentWorkflowId", box (float value) ]
    | [] -> []

let private ids (filter: WorkflowFilter) = [
    match values Field.Id filter |> List.map FilterSpan.readIds |> okay with
    | ids :: _ ->
        match ids.First with
        | Some id -> "idFrom", box id
        | None -> ()

        match ids.Last with
        | Some id -> "idTo", box id
        | None -> ()
    | [] -> ()
]

/// The fields of the API's filter, as of an instant.
let criteria (now: Instant) (filter: WorkflowFilter) : (string * obj) list =
    let spans field =
        values field filter |> List.map (FilterSpan.read now)

    let within = values Field.In filter |> List.map (FilterSpan.readLast now)

    [
        yield! texts "workflowTypes" (values Field.Type filter)
        yield! texts "versions" (values Field.Version filter)
        yield! texts "states" (values Field.State filter)
        yield! texts "statuses" (values Field.Status filter |> List.choose tryStatus |> List.map Status.wire)
        yield! texts "executorGroups" (values Field.Group filter)
        yield! texts "waitsFor" (values Field.Waits filter)
        yield! key filter
        yield! parent filter
        yield! ids filter
        yield! instants "created" (spans Field.Created)
        yield! instants "modified" (spans Field.Changed @ within)
        yield! instants "finished" (spans Field.Ended)
    ]

/// The same fields with a narrower range of ids.
let among (first: Id) (last: Id) (members: (string * obj) list) : (string * obj) list =
    let given name =
        members |> List.tryFind (fst >> (=) name) |> Option.map (snd >> unbox<float>)

    let rest =
        members |> List.filter (fun (name, _) -> name <> "idFrom" && name <> "idTo")

    rest
    @ [
        "idFrom", box (given "idFrom" |> Option.map (max first) |> Option.defaultValue first)
        "idTo", box (given "idTo" |> Option.map (min last) |> Option.defaultValue last)
    ]

/// The same fields for workflows that have not changed since an instant.
let unchangedSince (at: Instant) (members: (string * obj) list) : (string * obj) list =
    let before = Instant.iso at

    let earlier =
        members
        |> List.tryFind (fst >> (=) "modifiedBefore")
        |> Option.map (snd >> unbox<string>)
        |> Option.filter (fun given -> given < before)

    (members |> List.filter (fun (name, _) -> name <> "modifiedBefore"))
    @ [ "modifiedBefore", box (defaultArg earlier before) ]

let private textMembers (text: string) = [
    if text <> "" then
        "externalId", box text
        "businessKey", box text

        match FilterSpan.tryId text with
        | Some id -> "id", box id
        | None -> ()
]

/// A job needs a filter: this one matches every workflow.
let private everything = [ "idFrom", box 1 ]

/// The filter of a job over the workflows that the terms match.
let toJob (now: Instant) (filter: WorkflowFilter) : (string * obj) list =
    match criteria now filter with
    | [] -> everything
    | members -> members

/// The body of a search with these fields of the filter.
let search (limit: int) (cursor: Id option) (text: string) (members: (string * obj) list) : obj =
    createObj [
        "limit", box limit
        "withVariables", box false
        yield! textMembers (text.Trim())
        if not members.IsEmpty then
            "filter", createObj members
        match cursor with
        | Some id -> "cursor", box $"{id}"
        | None -> ()
    ]

/// The body of a search for the page that starts below the workflow with this id.
let toSearch (now: Instant) (limit: int) (cursor: Id option) (filter: WorkflowFilter) : obj =
    search limit cursor filter.Text (criteria now filter)
