/// The executors of the page, and their leases as text.
module GopherFlow.Client.Pages.Executors.Model

open GopherFlow.Contract
open GopherFlow.Client.Time

/// Live executors, oldest first, and executors that are gone, the last active first.
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

/// The text of the lease, and whether it is about to expire.
let lease (executor: Executor) : string * bool =
    let seconds = floor executor.LeaseSeconds

    if seconds >= 0.0 then
        $"{seconds} s left", seconds < 5.0
    else
        $"ran out {duration -seconds} ago", true

let slots (executor: Executor) (work: ExecutorWork) : string =
    $"{work.Claimed} of {executor.Capacity}"
