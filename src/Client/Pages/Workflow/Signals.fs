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

let private kept (signal: Signal) : ReactElement =
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
            if not (isNullOrUndefined signal.Payload) then
                Html.pre [
                    prop.className "variable-value"
                    prop.tabIndex 0
                    prop.text (VariableEdit.textOf signal.Payload)
                ]
        ]
    ]

let private sendForm =
    React.functionComponent (
        "SendSignal",
        fun (props: {| workflow: Workflow |}) ->
            let awaited = props.workflow.AwaitedSignals

            // What it waits for may become known later than the form is shown.
            let typed, setTyped = React.useState (None: string option)

            let name = typed |> Option.orElse (List.tryHead awaited) |> Option.defaultValue ""

            let setName = Some >> setTyped
            let key, setKey = React.useState ""
            let payload, setPayload = React.useState ""
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
                        Set = setPayload
                    }
                    3
                Forms.textField
                    {
                        Label = "Key"
                        Name = "signal-key"
                        Value = key
                        Hint = "Optional. A signal that comes again with the same key counts once."
                        Fault = None
                        Set = setKey
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
            let signals = Queries.useSignals workflow.Id

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
                    shown "the signals" signals (fun signals ->
                        if signals.IsEmpty then
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
                                    Html.ol [ prop.children (List.map kept signals) ]
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
