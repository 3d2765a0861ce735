/// Random histories by the rules of the engine: steps, failed attempts, takeovers, signals, children, deadlines, and operations
/// by users, such as moves by hand and to other versions.
module GopherFlow.Client.Tests.Histories

open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Tests.Samples

type private Run = {
    State: string
    Status: Status
    /// Newest first.
    Entries: HistoryEntry list
}

let private goesTo (definition: Definition) (state: string) : string list =
    definition.States |> List.find (fun one -> one.Name = state) |> _.GoesTo

let private statusIn (definition: Definition) (state: string) : Status =
    let kind = definition.States |> List.find (fun one -> one.Name = state) |> _.Type

    if kind = StateType.wire End then Finished
    elif kind = StateType.wire StateType.Error then Errored
    elif kind = StateType.wire Manual then Waiting
    else InProgress

let private write (kind: string) (from: string option) (state: string) (status: Status) (run: Run) : Run =
    let id = 10 + 3 * run.Entries.Length

    {
        State = state
        Status = status
        Entries =
            {
                happened id kind from state with
                    Status = Status.wire status
            }
            :: run.Entries
    }

/// An entry without a change of the state.
let private stays (kind: string) (status: Status) (run: Run) : Run =
    write kind (Some run.State) run.State status run

let private comesTo (definition: Definition) (kind: string) (state: string) (run: Run) : Run =
    write kind (Some run.State) state (statusIn definition state) run

let private pick (items: 't list) (number: int) : 't = items[number % items.Length]

let private step (definition: Definition) (run: Run) (choice: int, target: int) : Run =
    let names = definition.States |> List.map _.Name
    let anyState = pick names target
    let next = goesTo definition run.State

    if Status.isOver run.Status then
        // Only users can continue from there.
        match choice % 4 with
        | 0 -> comesTo definition "STATE_CHANGED" anyState run
        | 1 -> write "RUN_AGAIN" (Some run.State) definition.InitialState InProgress run
        | 2 when run.Status = Failed -> stays "RETRIED" InProgress run
        | _ -> stays "VARIABLES_CHANGED" run.Status run
    elif run.Status = Paused then
        match choice % 3 with
        | 0 -> stays "RESUMED" (statusIn definition run.State) run
        | 1 -> comesTo definition "VERSION_MOVED" anyState run
        | _ -> stays "CANCELLED" Cancelled run
    elif run.Status = Waiting then
        match choice % 5 with
        | 0 -> stays "ARRIVED" Waiting run
        | 1 -> comesTo definition "DEADLINE_PASSED" (pick next target) run
        | 2 -> stays "PAUSED" Paused run
        | _ -> comesTo definition "STATE_CHANGED" (pick next target) run
    else
        match choice % 24 with
        | 0
        | 1
        | 2 -> stays "ATTEMPT_FAILED" InProgress run
        | 3 -> stays "ATTEMPT_FAILED" Failed run
        | 4 -> stays "REJECTED" Errored run
        | 5 -> stays "TAKEN_OVER" InProgress run
        | 6 -> stays "CHILD_WOKE" InProgress run
        | 7 -> stays "SIGNALLED" InProgress run
        | 8 -> comesTo definition "STATE_CHANGED" anyState run
        | 9 -> stays "VERSION_MOVED" InProgress run
        | 10 -> comesTo definition "VERSION_MOVED" anyState run
        | 11 -> stays "PLACED" InProgress run
        | 12 -> stays "PAUSED" Paused run
        | 13 -> stays "DEFERRED" InProgress run
        | 14 -> comesTo definition "CONTINUED_ANEW" (pick next target) run
        | 15 -> stays "GIVEN_UP" Failed run
        | _ -> comesTo definition "TRANSITION" (pick next target) run

/// Newest first.
let random (definition: Definition) (seed: int) : HistoryEntry list =
    let numbers = Graphs.numbers seed 9973 |> Seq.truncate 81 |> List.ofSeq
    let length = 1 + numbers.Head % 40

    let begun =
        {
            State = definition.InitialState
            Status = New
            Entries = []
        }
        |> write "CREATED" None definition.InitialState New

    numbers.Tail
    |> List.chunkBySize 2
    |> List.truncate length
    |> List.map (fun two -> two[0], two[1])
    |> List.fold (step definition) begun
    |> _.Entries
