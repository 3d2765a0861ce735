/// Numbers of workflows in the groups for which the diagram has colours.
module GopherFlow.Client.Diagram.Tally

open GopherFlow.Contract
open GopherFlow.Client.Api.Types

type Group =
    | Failing
    | Resting
    | Running
    | Ended

/// Numbers of workflows by status.
type Tally = (Status * Count) list

module Group =
    let ofStatus (status: Status) : Group =
        match status with
        | Failed
        | Errored -> Failing
        | Waiting
        | Paused -> Resting
        | Finished
        | Cancelled -> Ended
        | _ -> Running

    let word =
        function
        | Failing -> "failed"
        | Resting -> "waiting"
        | Running -> "running"
        | Ended -> "ended"

/// The statuses in their usual order, without those with a count of 0.
let ofCounts (counts: WorkflowCount list) : Tally =
    let sums =
        counts
        |> List.groupBy (fun count -> Status.ofWire count.Status)
        |> List.map (fun (status, same) -> status, same |> List.sumBy _.Count)
        |> List.filter (fun (_, count) -> count > 0.0)

    let place (status: Status, _) =
        Status.all
        |> List.tryFindIndex (fun (_, other) -> other = status)
        |> Option.defaultValue Status.all.Length

    List.sortBy place sums

let groups (tally: Tally) : (Group * Count) list =
    let sums =
        tally
        |> List.groupBy (fst >> Group.ofStatus)
        |> List.map (fun (group, same) -> group, List.sumBy snd same)

    [ Failing; Resting; Running; Ended ]
    |> List.choose (fun group -> sums |> List.tryFind (fst >> (=) group))

let ofGroup (group: Group) (tally: Tally) : Count =
    tally |> List.filter (fst >> Group.ofStatus >> (=) group) |> List.sumBy snd

let private shortened (value: float) (unit: string) =
    let rounded = floor (value * 10.0) / 10.0

    if rounded >= 100.0 || rounded = floor rounded then
        $"{floor rounded}{unit}"
    else
        $"{rounded}{unit}"

/// Short enough for a state: 950, 1.2k, 3.4M.
let short (count: Count) : string =
    if count >= 1000000.0 then shortened (count / 1000000.0) "M"
    elif count >= 1000.0 then shortened (count / 1000.0) "k"
    else string count

/// "12 waiting, 3 failed", with the names of the statuses.
let text (tally: Tally) : string =
    tally
    |> List.map (fun (status, count) -> $"{count} {(Status.word status).ToLower()}")
    |> String.concat ", "
