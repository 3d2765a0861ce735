/// Goes through the history of a run: what is shown beside it is as it was at that position.
module GopherFlow.Client.Pages.TimeTravel

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Diagram
open GopherFlow.Client.Api.Types

/// How long each position is shown while it plays.
let private stepMilliseconds = 700

/// The position that the address asks for.
let ofAddress () : Id option =
    Router.parameter "at" |> Option.bind Router.tryId

let keepInAddress (id: Id) (position: Id option) : unit =
    let address = Router.address (Router.Workflow id)

    match position with
    | Some at -> Browser.Address.replace $"{address}?at={at}"
    | None -> Browser.Address.replace address

let private caption (entry: Action) (index: int) (count: int) : ReactElement =
    Html.span [
        prop.className "travel-caption"
        prop.ariaLive "polite"
        prop.children [
            Html.strong $"{index + 1} of {count}"
            Html.span $" {entry.Type} {entry.Name}, {Instant.exact entry.DateTime}"
        ]
    ]

let view =
    React.functionComponent (
        "TimeTravel",
        fun
            (props:
                {|
                    history: Action list
                    position: Id option
                    go: Id option -> unit
                |}) ->
            let entries =
                React.useMemo ((fun () -> Trace.entries props.history |> Array.ofList), [| box props.history |])

            let last = entries.Length - 1
            let playing, setPlaying = React.useState false

            let index =
                props.position
                |> Option.bind (fun at -> entries |> Array.tryFindIndexBack (fun entry -> entry.Id <= at))
                |> Option.defaultValue last

            let go (target: int) =
                if target >= last then
                    setPlaying false
                    props.go None
                else
                    props.go (Some entries[max 0 target].Id)

            React.useEffect (
                (fun () ->
                    if playing then
                        Browser.every stepMilliseconds (fun () -> go (index + 1))
                    else
                        React.createDisposable ignore),
                [| box playing; box index; box last |]
            )

            let play () =
                if not playing && props.position.IsNone then
                    props.go (Some entries[0].Id)

                setPlaying (not playing)

            if last < 1 then
                Html.none
            else
                Html.div [
                    prop.className "travel"
                    prop.role "group"
                    prop.ariaLabel "Time travel"
                    prop.testId "travel"
                    prop.children [
                        iconButton Icons.stepBack "One entry back" (index = 0) (fun () -> go (index - 1))
                        iconButton
                            (if playing then Icons.pause else Icons.play)
                            (if playing then "Stop" else "Play the history")
                            false
                            play
                        iconButton Icons.stepForward "One entry on" props.position.IsNone (fun () -> go (index + 1))
                        Html.input [
                            prop.type' "range"
                            prop.className "travel-slider"
                            prop.ariaLabel "Position in the history"
                            prop.custom ("min", 0)
                            prop.custom ("max", last)
                            prop.custom ("aria-valuetext", $"{index + 1} of {last + 1}")
                            prop.value (string index)
                            prop.onChange (fun (text: string) -> go (int text))
                        ]
                        caption entries[index] index (last + 1)
                        if props.position.IsSome then
                            button Plain Icons.forward "Back to now" None (fun () -> go last)
                    ]
                ]
    )
