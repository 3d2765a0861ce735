/// The filter of the list of workflows: terms, which the search shows as chips, and free text; and its form in the URL.
module GopherFlow.Client.Api.WorkflowFilter

open GopherFlow.Client.Api.Types

[<RequireQualifiedAccess>]
type Field =
    | Type
    | Version
    | State
    | Status
    | Group
    | Waits
    | Key
    | Parent
    | Id
    /// Changed within a length of time before now.
    | In
    | Created
    | Changed
    | Ended

type Term = { Field: Field; Value: string }

type WorkflowFilter = {
    /// A whole id, external id or business key.
    Text: string
    /// Terms of one field are alternatives; terms of different fields must all match.
    Terms: Term list
}

let empty = { Text = ""; Terms = [] }

let isNarrow (filter: WorkflowFilter) = filter <> empty

/// The names of the fields, in the order of the suggestions.
let names: (string * Field) list = [
    "type", Field.Type
    "state", Field.State
    "status", Field.Status
    "waits", Field.Waits
    "in", Field.In
    "key", Field.Key
    "group", Field.Group
    "parent", Field.Parent
    "version", Field.Version
    "created", Field.Created
    "changed", Field.Changed
    "ended", Field.Ended
    "id", Field.Id
]

/// Alternative names: those of the API.
let private others = [ "modified", Field.Changed; "finished", Field.Ended ]

let nameOf (field: Field) : string =
    names |> List.find (snd >> (=) field) |> fst

let tryField (name: string) : Field option =
    names @ others |> List.tryFind (fst >> (=) (name.ToLower())) |> Option.map snd

/// A status in the syntax of a filter: `in-progress`.
let statusValue (wire: string) = wire.ToLower().Replace("_", "-")

let tryStatus (value: string) : Status option =
    let asked = statusValue (value.Trim().Replace(" ", "-"))

    Status.all
    |> List.tryFind (fun (wire, status) -> statusValue wire = asked || statusValue (Status.word status) = asked)
    |> Option.map snd

/// The values of the field `waits`.
let waits = [
    "person"
    "executor"
    "signal"
    "children"
    "retry"
    "resume"
    "activation"
    "limit"
]

/// The value of the field `parent` for workflows without a parent.
[<Literal>]
let NoParent = "none"

/// A term with its value in the syntax of a filter.
let term (field: Field) (value: string) : Term =
    let value =
        match field with
        | Field.Status ->
            tryStatus value
            |> Option.map (Status.wire >> statusValue)
            |> Option.defaultValue value
        | Field.Waits
        | Field.Parent -> value.ToLower()
        | _ -> value

    { Field = field; Value = value }

let add (filter: WorkflowFilter) (term: Term) : WorkflowFilter =
    if List.contains term filter.Terms then
        filter
    else
        {
            filter with
                Terms = filter.Terms @ [ term ]
        }

let remove (term: Term) (filter: WorkflowFilter) : WorkflowFilter = {
    filter with
        Terms = List.except [ term ] filter.Terms
}

/// A filter with these terms.
let where (terms: (Field * string) list) : WorkflowFilter =
    terms
    |> List.map (fun (field, value) -> term field value)
    |> List.fold add empty

let values (field: Field) (filter: WorkflowFilter) : string list =
    filter.Terms |> List.filter (fun term -> term.Field = field) |> List.map _.Value

let ofQuery (parameters: (string * string) list) : WorkflowFilter =
    let put filter (name, value) =
        match name, tryField name with
        | _ when value = "" -> filter
        | "q", _ -> { filter with Text = value }
        | _, Some field -> add filter (term field value)
        | _, None -> filter

    List.fold put empty parameters

let toQuery (filter: WorkflowFilter) : (string * string) list = [
    if filter.Text <> "" then
        "q", filter.Text
    for term in filter.Terms do
        nameOf term.Field, term.Value
]
