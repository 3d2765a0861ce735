/// The retry policy, timeout, limits and undoing state of a state as text.
module GopherFlow.Client.Diagram.Rules

open GopherFlow.Contract
open GopherFlow.Client.Time

let retry (retry: Retry) : string =
    let times =
        match retry.MaxRetries with
        | 0 -> "no retry"
        | 1 -> "1 retry"
        | count -> $"{count} retries"

    if retry.MaxRetries = 0 then
        times
    elif retry.MinSeconds = retry.MaxSeconds then
        $"{times}, {duration retry.MinSeconds}"
    else
        $"{times}, {duration retry.MinSeconds} to {duration retry.MaxSeconds}"

let timeout (seconds: float) : string = $"timeout {duration seconds}"

let limit (limit: Limit) : string =
    let most =
        match limit.SpanSeconds with
        | Some span -> $"{limit.Count} in {duration span}"
        | None -> $"{limit.Count} at once"

    if limit.PerKey then $"{most} for each key" else most

let undoneBy (state: string) : string = $"undone by {state}"

/// The rules that the state itself has.
let ofState (state: State) : string list =
    Option.toList (Option.map retry state.Retry)
    @ Option.toList (Option.map timeout state.TimeoutSeconds)
    @ List.map limit state.Limits
    @ Option.toList (Option.map undoneBy state.CompensatedBy)
