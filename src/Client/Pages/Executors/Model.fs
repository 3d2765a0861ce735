/// Executors as the page shows them.
module GopherFlow.Client.Pages.Executors.Model

open GopherFlow.Contract
open GopherFlow.Client.Time

/// Those that are alive, oldest first, and those that are gone, the last first.
type Sides = {
    Alive: Executor list
    Gone: Executor list
}

let sides (executors: Executor list) : Sides =
    let alive, gone = executors |> List.partition _.Alive

    {
        Alive = alive |> List.sortBy _.Id
        Gone =
            gone
            |> List.sortByDescending (fun executor -> Instant.milliseconds executor.LastActive)
    }

/// How the lease stands, and whether it is about to run out.
let lease (executor: Executor) : string * bool =
    let seconds = floor executor.LeaseSeconds

    if seconds >= 0.0 then
        $"{seconds} s left", seconds < 5.0
    else
        $"ran out {duration -seconds} ago", true

let slots (executor: Executor) (work: ExecutorWork) : string =
    $"{work.Claimed} of {executor.Capacity}"
