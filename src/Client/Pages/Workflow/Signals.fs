/// The signals: those it waits for, those that are kept for it, and sending one.
module GopherFlow.Client.Pages.Workflow.Signals

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http

let private payloadText (payload: obj) : ReactElement =
    if isNullOrUndefined payload then
        Html.none
    else
        Html.pre [
            prop.className "variable-value"
            prop.tabIndex 0
            prop.text (VariableEdit.textOf payload)
        ]

/// A payload that the list leaves out: it is read when asked for.
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

/// The name in the form: what was typed, else what it waited for when the rest was begun, else what it waits for now.
let nameOf (typed: string option) (held: string option) (awaited: string list) : string =
    typed
    |> Option.orElse held
    |> Option.orElse (List.tryHead awaited)
    |> Option.defaultValue ""

let private sendForm =
    React.functionComponent (
        "SendSignal",
        fun (props: {| workflow: Workflow |}) ->
            let awaited = props.workflow.AwaitedSignals

            // What it waits for may become known later than the form is shown, and may change.
            let typed, setTyped = React.useState (None: string option)
            let held, setHeld = React.useState (None: string option)
            let name = nameOf typed held awaited
            let setName = Some >> setTyped
            let key, setKey = React.useState ""
            let payload, setPayload = React.useState ""

            // A payload is written for one signal, so the name stays from its first letter on.
            let writing (set: string -> unit) (text: string) =
                setHeld (Some name)
                set text

            let busy, setBusy = React.useState false
            let sent, setSent = React.useState (None: string option)
            let nameFault, setNameFault = React.useState (None: string option)
            let payloadFault, setPayloadFault = React.useState (None: string option)
            let refusal, setRefusal = React.useState (None: string option)

            let send (value: obj) =
                promise {
                    setBusy true
                    setRefusal None
                    setSent None

                    try
                        do! RunCalls.sendSignal props.workflow.Id (name.Trim()) (key.Trim()) value
                        setSent (Some $"{name.Trim()} was sent.")
                        setPayload ""
                        setKey ""
                        setHeld None
                    with failure ->
                        setRefusal (failure |> Problem.ofException |> Problem.text |> Some)

                    setBusy false
                }

            let submit () =
                let value =
                    if payload.Trim() = "" then
                        Ok null
                    else
                        VariableEdit.parseValue true payload

                setNameFault (
                    if name.Trim() = "" then
                        Some "Enter the name of the signal."
                    else
                        None
                )

                match value with
                | Result.Error fault -> setPayloadFault (Some fault)
                | Ok value ->
                    setPayloadFault None

                    if name.Trim() <> "" then
                        start (send value)

            Forms.form "drawer-form" submit [
                Html.h2 "Send a signal"
                Forms.refusal refusal
                Forms.textField
                    {
                        Label = "Name"
                        Name = "signal-name"
                        Value = name
                        Hint =
                            if awaited.IsEmpty then
                                "It waits for none now: the signal is kept until a step takes it."
                            else
                                ""
                        Fault = nameFault
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
                        Value = payload
                        Hint = "JSON; empty for none."
                        Fault = payloadFault
                        Set = writing setPayload
                    }
                    3
                Forms.textField
                    {
                        Label = "Key"
                        Name = "signal-key"
                        Value = key
                        Hint = "Optional. A signal that comes again with the same key counts once."
                        Fault = None
                        Set = writing setKey
                    }
                    []
                Html.div [
                    prop.className "form-end"
                    prop.children [
                        match sent with
                        | Some text -> Html.span [ prop.className "sent"; prop.role "status"; prop.text text ]
                        | None -> ()
                        Forms.submit "Send" busy
                    ]
                ]
            ]
    )

let private firstShown = 50

/// The API gives no more on one page.
let private mostShown = 1000

let view =
    React.functionComponent (
        "Signals",
        fun
            (props:
                {|
                    workflow: Workflow
                    disabledBecause: string option
                |}) ->
            let workflow = props.workflow
            let limit, setLimit = React.useState firstShown
            let signals = Queries.useSignals workflow.Id limit

            let busy =
                if signals.Previous then
                    Some "More are on their way."
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
                                prop.text "No signal is kept for it: each one that came has been taken."
                            ]
                        else
                            Html.section [
                                prop.ariaLabel "Kept signals"
                                prop.children [
                                    Html.p [
                                        prop.className "drawer-note plain"
                                        prop.text "Sent to it and not taken by a step yet, oldest first:"
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
                            prop.text "It has ended, so it receives no signals any more."
                        ]
                    | None -> sendForm {| workflow = workflow |}
                ]
            ]
    )
