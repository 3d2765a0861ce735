/// The differences between two versions of a definition: for each state and transition whether it was added, removed or changed.
module GopherFlow.Client.Diagram.Changes

open GopherFlow.Contract

type Change =
    | Added
    | Removed
    /// The differences as text.
    | Changed of string list

module Change =
    let word =
        function
        | Added -> "added"
        | Removed -> "removed"
        | Changed _ -> "changed"

    /// "changed: was Normal, now Manual".
    let text (change: Change) : string =
        match change with
        | Changed what -> what |> String.concat "; " |> sprintf "changed: %s"
        | other -> word other

let private states (definition: Definition) =
    definition.States |> List.map (fun state -> state.Name, state) |> Map.ofList

/// Merges both versions. Removed states and transitions keep their place.
let merged (before: Definition) (after: Definition) : Definition =
    let old, now = states before, states after

    let add (state: State) = {
        state with
            GoesTo =
                match old.TryFind state.Name with
                | Some was -> List.distinct (state.GoesTo @ was.GoesTo)
                | None -> state.GoesTo
    }

    {
        after with
            Version = $"{before.Version} to {after.Version}"
            States =
                List.map add after.States
                @ (before.States |> List.filter (fun state -> not (now.ContainsKey state.Name)))
    }

let private own (none: string) (text: 't -> string) (value: 't option) =
    value |> Option.map text |> Option.defaultValue none

let private differs (was: string) (now: string) : string list =
    if was = now then [] else [ $"was {was}, now {now}" ]

let private between (before: Definition) (after: Definition) (was: State) (now: State) : string list =
    differs was.Type now.Type
    @ differs (own "the definition's retry" Rules.retry was.Retry) (own "the definition's retry" Rules.retry now.Retry)
    @ differs
        (own "the server's timeout" Rules.timeout was.TimeoutSeconds)
        (own "the server's timeout" Rules.timeout now.TimeoutSeconds)
    @ differs
        (own "undone by no state" Rules.undoneBy was.CompensatedBy)
        (own "undone by no state" Rules.undoneBy now.CompensatedBy)
    @ match before.InitialState = was.Name, after.InitialState = now.Name with
      | false, true -> [ "new workflows start here" ]
      | true, false -> [ "new workflows no longer start here" ]
      | _ -> []

/// By the name of the state; unchanged states are left out.
let ofStates (before: Definition) (after: Definition) : Map<string, Change> =
    let old, now = states before, states after

    let change (name: string) =
        match old.TryFind name, now.TryFind name with
        | None, _ -> Some Added
        | _, None -> Some Removed
        | Some was, Some now ->
            match between before after was now with
            | [] -> None
            | what -> Some(Changed what)

    (before.States @ after.States)
    |> List.map _.Name
    |> List.distinct
    |> List.choose (fun name -> change name |> Option.map (fun change -> name, change))
    |> Map.ofList

let private transitions (definition: Definition) =
    definition.States
    |> List.collect (fun state ->
        state.GoesTo @ Option.toList state.CompensatedBy
        |> List.map (fun target -> state.Name, target))
    |> Set.ofList

/// By source and target state.
let ofTransitions (before: Definition) (after: Definition) : Map<string * string, Change> =
    let old, now = transitions before, transitions after

    [
        for added in now - old -> added, Added
        for removed in old - now -> removed, Removed
    ]
    |> Map.ofList
