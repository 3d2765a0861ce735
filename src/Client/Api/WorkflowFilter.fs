/// What the list of workflows is filtered by: terms, which a person sees as chips, and free text; and its form in the address bar.
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
    /// Changed within a span before now.
    | In
    | Created
    | Changed
    | Ended

type Term = { Field: Field; Value: string }

type WorkflowFilter = {
    /// A whole id, external id or business key.
    Text: string
    /// Those of one field are alternatives; of different fields, each must hold.
    Terms: Term list
}

let empty = { Text = ""; Terms = [] }

let isNarrow (filter: WorkflowFilter) = filter <> empty

/// The names of the fields, in the order in which they are offered.
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

/// What the API calls them, for those who know it.
let private others = [ "modified", Field.Changed; "finished", Field.Ended ]

let nameOf (field: Field) : string =
    names |> List.find (snd >> (=) field) |> fst

let tryField (name: string) : Field option =
    names @ others |> List.tryFind (fst >> (=) (name.ToLower())) |> Option.map snd

/// A status as a filter writes it: in-progress.
let statusValue (wire: string) = wire.ToLower().Replace("_", "-")

let tryStatus (value: string) : Status option =
    let asked = statusValue (value.Trim().Replace(" ", "-"))

    Status.all
    |> List.tryFind (fun (wire, status) -> statusValue wire = asked || statusValue (Status.word status) = asked)
    |> Option.map snd

/// What a filter can ask to wait for.
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

/// The parent of workflows that have none.
[<Literal>]
let NoParent = "none"

/// A term with its value as filters write it.
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

/// The filter that asks for these.
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
