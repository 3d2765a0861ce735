/// One segment of the timeline: a stay in a state, or several folded stays.
module GopherFlow.Client.Pages.Workflow.StayView

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow.Stays

/// At most this many entries of a stay get a mark.
let private mostTicks = 10

let private word (outcome: Outcome) : string =
    match outcome with
    | Passed -> "passed"
    | Retried -> "retried"
    | ByHand -> "hand"
    | Late -> "late"
    | Stands status -> Status.wire status

/// How the stay ended, as text.
let private ending (outcome: Outcome) : string =
    match outcome with
    | Passed -> "continued"
    | Retried -> "continued after failed attempts"
    | ByHand -> "moved by hand"
    | Late -> "its deadline passed"
    | Stands status -> Status.word status

let private attemptsOf (stay: Stay) : string list = [
    if stay.Attempts > 1 || stay.Failures > 0 then
        if stay.Attempts = 1 then
            "1 attempt"
        else
            $"{stay.Attempts} attempts"
    if stay.Failures > 0 then
        $"failed {Describe.times stay.Failures}"
]

let private story (now: Instant) (stay: Stay) : string =
    [
        stay.State
        if stay.RanSeconds > 0.0 then
            $"ran {Telling.length stay.RanSeconds}"
        match idleSeconds now stay with
        | idle when idle >= 1.0 && stay.Outcome <> Stands Finished && stay.Outcome <> Stands Failed ->
            $"waited {Telling.length idle}"
        | _ -> ()
        yield! attemptsOf stay
        ending stay.Outcome
    ]
    |> String.concat " · "

/// The entries of a stay that get a mark: all of them, or some at regular distances.
let private ticked (stay: Stay) : HistoryEntry list =
    let count = stay.Entries.Length

    if count <= mostTicks then
        stay.Entries
    else
        let entries = Array.ofList stay.Entries
        [ for i in 0 .. mostTicks - 1 -> entries[i * (count - 1) / (mostTicks - 1)] ]

let private tick (here: Id option) (entry: HistoryEntry) : ReactElement =
    Html.span [
        prop.key (string entry.Id)
        prop.className "tick"
        prop.data ("entry", string entry.Id)
        prop.data ("failed", (if isFailure entry then "true" else "false"))
        prop.data ("here", (if here = Some entry.Id then "true" else "false"))
    ]

let private isEnd (stay: Stay) =
    match stay.Outcome with
    | Stands status -> Status.isOver status
    | _ -> false

let private segment (now: Instant) (position: Id option) (chosen: string option) (stay: Stay) : ReactElement =
    let ticks = ticked stay
    let isNow = position.IsNone && stay.Left.IsNone

    let here =
        match position with
        | None when isNow -> ticks |> List.tryLast |> Option.map _.Id
        | None -> None
        | Some at ->
            let isBefore = stay.Left.IsNone || (List.last stay.Entries).Id >= at

            if isBefore then
                ticks |> List.tryFindBack (fun entry -> entry.Id <= at) |> Option.map _.Id
            else
                None

    Html.div [
        prop.key $"{stay.Entries.Head.Id}"
        prop.className "stay"
        prop.testId $"stay-{stay.State}"
        prop.title (story now stay)
        prop.data ("outcome", word stay.Outcome)
        prop.data ("weight", string (weight stay))
        prop.data ("here", (if here.IsSome then "true" else "false"))
        prop.data ("chosen", (if chosen = Some stay.State then "true" else "false"))
        prop.data (
            "future",
            (if position |> Option.exists (fun at -> stay.Entries.Head.Id > at) then
                 "true"
             else
                 "false")
        )
        prop.children [
            Html.span [ prop.className "stay-name"; prop.text stay.State ]
            Html.div [ prop.className "ticks"; prop.children (List.map (tick here) ticks) ]
            if idleSeconds now stay >= 1.0 && not (isEnd stay) then
                Html.span [
                    prop.className "idle"
                    prop.data ("entry", string (List.last stay.Entries).Id)
                    prop.text (Telling.length (idleSeconds now stay))
                ]
        ]
    ]

let view (now: Instant) (position: Id option) (chosen: string option) (segment': Segment) : ReactElement =
    match segment' with
    | Shown stay -> segment now position chosen stay
    | Folded(count, entry) ->
        Html.div [
            prop.key $"folded-{entry}"
            prop.className "stays-folded"
            prop.data ("entry", string entry)
            prop.title $"{count} more stays: click to go there"
            prop.text $"+{count}"
        ]
