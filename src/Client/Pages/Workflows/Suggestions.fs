/// The suggestions while a filter is being typed: names of fields, then values.
module GopherFlow.Client.Pages.Workflows.Suggestions

open GopherFlow.Contract
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

/// The known values.
type Known = {
    Definitions: Definition list
    Groups: string list
}

type Suggestion =
    /// The name of a field, whose value comes next.
    | Name of Field
    | Value of Term

/// A short description of a field.
let hint (field: Field) : string =
    match field with
    | Field.Type -> "definition"
    | Field.Version -> "version of the definition"
    | Field.State -> "current state"
    | Field.Status -> "such as failed"
    | Field.Group -> "executor group"
    | Field.Waits -> "what it waits for"
    | Field.Key -> "business key, or its beginning and *"
    | Field.Parent -> "id of the parent, or none"
    | Field.Id -> "17, >17, or 17..40"
    | Field.In -> "changed in the last 1h, 2d"
    | Field.Created -> "1h, 2026-11-01, >2026-11-01"
    | Field.Changed -> "1h, 2026-11-01, >2026-11-01"
    | Field.Ended -> "1h, 2026-11-01, >2026-11-01"

let private lengths = [ "15m"; "1h"; "24h"; "7d" ]

let private definitionsOf (filter: WorkflowFilter) (known: Known) =
    match values Field.Type filter with
    | [] -> known.Definitions
    | types ->
        known.Definitions
        |> List.filter (fun definition -> List.contains definition.Name types)

let private valuesOf (filter: WorkflowFilter) (known: Known) (field: Field) : string list =
    match field with
    | Field.Type -> known.Definitions |> List.map _.Name
    | Field.State ->
        definitionsOf filter known
        |> List.collect (fun definition -> definition.States |> List.map _.Name)
        |> List.distinct
    | Field.Version -> definitionsOf filter known |> List.map _.Version |> List.distinct
    | Field.Status -> Status.all |> List.map (fst >> statusValue)
    | Field.Waits -> waits
    | Field.Group -> known.Groups
    | Field.In
    | Field.Created
    | Field.Changed
    | Field.Ended -> lengths
    | Field.Parent -> [ NoParent ]
    | Field.Key
    | Field.Id -> []

/// Words that start with the text come before words that contain it.
let private fitting (typed: string) (words: string list) : string list =
    let typed = typed.ToLower()
    let at (word: string) = word.ToLower().IndexOf typed

    words
    |> List.filter (fun word -> at word >= 0)
    |> List.sortBy (fun word -> min 1 (at word))

let private most = 10

/// Suggestions for text without a field name: values of the fields with few, known values.
let private guesses (filter: WorkflowFilter) (known: Known) (typed: string) =
    [ Field.Type; Field.Status; Field.State; Field.Waits ]
    |> List.collect (fun field ->
        valuesOf filter known field
        |> fitting typed
        |> List.truncate 4
        |> List.map (fun value -> Value(term field value)))

let private isNew (filter: WorkflowFilter) =
    function
    | Name _ -> true
    | Value term -> not (List.contains term filter.Terms)

let offer (filter: WorkflowFilter) (known: Known) (typed: string) : Suggestion list =
    let offered =
        match FilterText.unfinished typed with
        | Some(field, value) ->
            valuesOf filter known field
            |> fitting value
            |> List.map (fun value -> Value(term field value))
        | None ->
            let word = typed.Trim().ToLower()

            let fields =
                names
                |> List.filter (fun (name, _) -> name.StartsWith word)
                |> List.map (snd >> Name)

            if word = "" then
                fields
            else
                fields @ guesses filter known word

    offered
    |> List.filter (isNew filter)
    |> List.truncate (if typed = "" then 20 else most)

/// Whether Enter takes the first suggestion, as the value of the field that is being typed.
let takesFirst (typed: string) (offered: Suggestion list) : bool =
    match FilterText.unfinished typed, offered with
    | Some(_, value), Value _ :: _ -> value <> ""
    | _ -> false
