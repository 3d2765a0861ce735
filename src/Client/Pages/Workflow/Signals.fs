/// The signals tab: the awaited signals, the kept ones, and a form to send one.
module GopherFlow.Client.Pages.Workflow.Signals

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow.OpenSignal

let private payloadText (payload: obj) : ReactElement =
    if isNullOrUndefined payload then
        Html.none
    else
        Html.pre [
            prop.className "variable-value"
            prop.tabIndex 0
            prop.text (VariableEdit.textOf payload)
        ]

/// A payload that is too large for the list; it is fetched on demand.
let private largePayload =
    React.functionComponent (
        "LargePayload",
        fun (props: {| workflowId: Id; signalId: Id |}) ->
            let isAskedFor, setAskedFor = React.useState false
            let signal = Queries.useSignal isAskedFor props.workflowId props.signalId

            if isAskedFor then
                shown "the payload" signal (fun signal -> payloadText signal.Payload)
            else
                button Plain Icons.list "Show the payload" None (fun () -> setAskedFor true)
    )

let private kept (workflowId: Id) (signal: Signal) : ReactElement =
    Html.li [
        prop.key (string signal.Id)
        prop.className "variable"
        prop.children [
            Html.div [
                prop.className "variable-head"
                prop.children [
                    Html.span [ prop.className "variable-key"; prop.text signal.Name ]
                    match signal.Key with
                    | Some key -> Html.span [ prop.className "faint value"; prop.text $"key {key}" ]
                    | None -> ()
                    Clock.time {| at = signal.Sent |}
                ]
            ]
            if signal.PayloadOmitted then
                largePayload {|
                    workflowId = workflowId
                    signalId = signal.Id
                |}
            else
                payloadText signal.Payload
        ]
    ]

let private sendForm (awaited: string list) (openSignal: OpenSignal) : ReactElement =
    let draft, show = openSignal.Draft, openSignal.Show
    let name = nameOf awaited draft
    let setName (name: string) = show { draft with Typed = Some name }

    Forms.form "drawer-form" openSignal.Send [
        Html.h2 "Send a signal"
        Forms.refusal draft.Refusal
        Forms.textField
            {
                Label = "Name"
                Name = "signal-name"
                Value = name
                Hint =
                    if awaited.IsEmpty then
                        "It is not waiting for a signal now: the signal is kept until a step takes it."
                    else
                        ""
                Fault = draft.NameFault
                Set = setName
            }
            []
        if not awaited.IsEmpty then
            Html.div [
                prop.className "row"
                prop.children [
                    for awaited in awaited ->
                        Html.button [
                            prop.key awaited
                            prop.type' "button"
                            prop.className "pill"
                            prop.ariaPressed ((awaited = name))
                            prop.onClick (fun _ -> setName awaited)
                            prop.text awaited
                        ]
                ]
            ]
        Forms.areaField
            {
                Label = "Payload"
                Name = "signal-payload"
                Value = draft.Payload
                Hint = "JSON; empty for none."
                Fault = draft.PayloadFault
                Set = fun text -> show (withPayload awaited text draft)
            }
            3
        Forms.textField
            {
                Label = "Key"
                Name = "signal-key"
                Value = draft.Key
                Hint = "Optional. A signal that comes again with the same key counts once."
                Fault = None
                Set = fun text -> show (withKey awaited text draft)
            }
            []
        Html.div [
            prop.className "form-end"
            prop.children [
                match draft.Sent with
                | Some name -> Html.span [ prop.className "sent"; prop.role "status"; prop.text $"{name} was sent." ]
                | None -> ()
                Forms.submit "Send" draft.Busy
            ]
        ]
    ]

let private firstShown = 50

/// The API returns at most this many on one page.
let private mostShown = 1000

let view =
    React.functionComponent (
        "Signals",
        fun
            (props:
                {|
                    workflow: Workflow
                    openSignal: OpenSignal
                    disabledBecause: string option
                |}) ->
            let workflow = props.workflow
            let limit, setLimit = React.useState firstShown
            let signals = Queries.useSignals workflow.Id limit

            let busy =
                if signals.Previous then
                    Some "More are being loaded."
                else
                    None

            Html.div [
                prop.children [
                    if not workflow.AwaitedSignals.IsEmpty then
                        Html.p [
                            prop.className "drawer-note"
                            prop.children [
                                Html.text "Waits for "
                                Html.strong (String.concat " or " workflow.AwaitedSignals)
                                match workflow.DeadlineState, workflow.NextActivation with
                                | Some state, Some at ->
                                    Html.text $"; goes to {state} if none has come by "
                                    Telling.at at
                                | _ -> ()
                                Html.text "."
                            ]
                        ]
                    shown "the signals" signals (fun page ->
                        if page.Signals.IsEmpty then
                            Html.p [
                                prop.className "drawer-note plain"
                                prop.text "No kept signals: every signal that arrived has been taken."
                            ]
                        else
                            Html.section [
                                prop.ariaLabel "Kept signals"
                                prop.children [
                                    Html.p [
                                        prop.className "drawer-note plain"
                                        prop.text "Sent, but not taken by a step yet, oldest first:"
                                    ]
                                    Html.ol [ prop.children (List.map (kept workflow.Id) page.Signals) ]
                                    if page.Next.IsSome && limit < mostShown then
                                        button Plain Icons.list "More signals" busy (fun () ->
                                            setLimit (min mostShown (limit * 4)))
                                    elif page.Next.IsSome then
                                        Html.p [
                                            prop.className "drawer-note plain"
                                            prop.text $"These are the first {mostShown}."
                                        ]
                                ]
                            ])
                    match props.disabledBecause with
                    | Some reason -> Html.p [ prop.className "drawer-note"; prop.text reason ]
                    | None when Workflow.isOver workflow ->
                        Html.p [
                            prop.className "drawer-note"
                            prop.text "It has ended, so it no longer receives signals."
                        ]
                    | None -> sendForm workflow.AwaitedSignals props.openSignal
                ]
            ]
    )
