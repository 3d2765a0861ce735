/// Workflows that ended, minute by minute, without gaps.
module GopherFlow.Client.Charts.Minutes

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types

type Minute = {
    At: Instant
    Finished: Count
    /// Failed, or in an error state.
    Failed: Count
}

let private length = 60000.0

let private startOf (instant: Instant) =
    floor (Instant.milliseconds instant / length) * length

let private countOf (statuses: Status list) (ended: EndedInMinute list) =
    ended
    |> List.filter (fun ended -> List.contains (Status.ofWire ended.Status) statuses)
    |> List.sumBy _.Count

let private fill (first: Instant) (last: Instant) (ended: EndedInMinute list) : Minute list =
    let byMinute =
        ended |> List.groupBy (fun ended -> startOf ended.Minute) |> Map.ofList

    [
        for at in startOf first .. length .. startOf last ->
            let ended = byMinute.TryFind at |> Option.defaultValue []

            {
                At = Instant at
                Finished = countOf [ Finished ] ended
                Failed = countOf [ Failed; Errored ] ended
            }
    ]

let ofAll (throughput: Throughput) : Minute list =
    fill throughput.From throughput.Until throughput.Minutes

/// The minutes of each type in which something ended.
let byType (throughput: Throughput) : Map<string, Minute list> =
    throughput.Minutes
    |> List.groupBy _.WorkflowType
    |> List.map (fun (name, ended) -> name, fill throughput.From throughput.Until ended)
    |> Map.ofList

/// The number of minutes over which a rate is computed.
let private recent = 5

/// Finished workflows per minute, without the current minute.
let rate (minutes: Minute list) : float =
    match List.rev minutes with
    | []
    | [ _ ] -> 0.0
    | _ :: complete -> complete |> List.truncate recent |> List.averageBy _.Finished

let finished (minutes: Minute list) : Count = minutes |> List.sumBy _.Finished
let failed (minutes: Minute list) : Count = minutes |> List.sumBy _.Failed
