/// The panel for trials: the variables to start with, and the steps of the workflow.
module GopherFlow.Client.Pages.Studio.TryPanel

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Api
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Parts.Editor
open GopherFlow.Client.Pages.Studio.Model

/// How long each step is shown while the trial plays, in milliseconds.
let private stepMilliseconds = 700

let private variables (model: Model) (dispatch: Msg -> unit) : ReactElement =
    let fault = variablesFault model

    let marks =
        React.useMemo (
            (fun () -> [
                match fault with
                | Some fault -> {
                    From = fault.At
                    Until = fault.At
                    Severity = "error"
                    Text = fault.Text
                  }
                | None -> ()
            ]),
            [| box model.Trying.Variables |]
        )

    Html.div [
        prop.className "try-form"
        prop.children [
            Html.div [
                prop.className "try-label"
                prop.children [
                    Html.strong "Variables"
                    button Primary Icons.play "Try" (untriable model) (fun () -> dispatch TryIt)
                ]
            ]
            Html.div [
                prop.className "try-variables"
                prop.children [
                    Editor.editor {
                        Label = "Variables as JSON"
                        Language = Json
                        Text = model.Trying.Variables
                        Round = 0
                        Marks = marks
                        ReadOnly = not model.Admin
                        GoTo = None
                        Suggest = fun _ _ _ -> None
                        Changed = SetVariables >> dispatch
                        Moved = ignore
                        Leave = fun () -> Focus.on "try-after"
                    }
                ]
            ]
            Html.p [
                prop.id "try-after"
                prop.tabIndex -1
                prop.role "status"
                match fault with
                | Some fault ->
                    prop.className "fault"
                    prop.text $"Line {fault.At.Line}, column {fault.At.Column}: {fault.Text}"
                | None ->
                    prop.className "hint"
                    prop.text "Runs in memory on the server; nothing is stored, and waits are skipped."
            ]
        ]
    ]

let private error (model: Model) dispatch (error: TrialError) : ReactElement =
    Html.div [
        prop.className "trace-error"
        prop.children [
            Html.span error.Text
            match error.File, error.Line with
            | Some file, Some line ->
                Html.button [
                    prop.type' "button"
                    prop.className "link-button"
                    prop.onClick (fun _ -> ProblemList.goTo model.Name dispatch file line 1)
                    prop.text $"line {line}"
                ]
            | _ -> ()
        ]
    ]

let private more (model: Model) (trial: Trial) (index: int) : ReactElement =
    let given =
        match model.Trying.Last with
        | Some last ->
            Json.tryParse last.Given
            |> Option.map (Json.entriesOf >> List.map (fun (name, value) -> name, Json.write value))
            |> Option.defaultValue []
        | None -> []

    let changed = TrialRun.changed given trial index

    Html.div [
        prop.className "trace-more"
        prop.children [
            for name, value in changed do
                Html.div [
                    prop.key name
                    prop.className "trace-variable"
                    prop.children [ Html.code name; Html.text " = "; Html.code value ]
                ]
            if changed.IsEmpty then
                Html.div [ prop.className "faint"; prop.text "No variable changed." ]
        ]
    ]

let private step (model: Model) dispatch (trial: Trial) (index: int) (step: TrialStep) : ReactElement =
    let isShown = index = model.Trying.Step

    Html.li [
        prop.key (string index)
        prop.className "trace-step"
        prop.data ("failed", (if step.Error.IsSome then "true" else "false"))
        prop.data ("shown", (if isShown then "true" else "false"))
        prop.children [
            Html.button [
                prop.type' "button"
                prop.className "trace-head"
                if isShown then
                    prop.ariaCurrent "step"
                prop.onClick (fun _ -> dispatch (ShowStep index))
                prop.children [
                    Html.span [ prop.className "trace-number"; prop.text (index + 1) ]
                    Html.span [
                        prop.className "trace-move"
                        prop.text (
                            if step.Error.IsSome then
                                $"{step.State} failed"
                            else
                                $"{step.State} → {step.NextState}"
                        )
                    ]
                    if step.WorkflowId <> 1.0 then
                        Html.span [ prop.className "tag"; prop.text $"child {step.WorkflowId}" ]
                    if step.Attempt > 1 then
                        Html.span [ prop.className "faint"; prop.text $"attempt {step.Attempt}" ]
                    match TrialRun.wait step with
                    | Some wait -> Html.span [ prop.className "trace-wait"; prop.text wait ]
                    | None -> ()
                ]
            ]
            match step.Error with
            | Some failure -> error model dispatch failure
            | None -> ()
            for line in step.Log do
                Html.div [ prop.className "trace-log"; prop.text line ]
            for child in step.Children do
                Html.div [ prop.className "trace-log"; prop.text $"creates {child}" ]
            if isShown then
                more model trial index
        ]
    ]

let private transport (model: Model) (dispatch: Msg -> unit) (trial: Trial) : ReactElement =
    let last = trial.Steps.Length - 1
    let shown = model.Trying.Step

    Html.div [
        prop.className "try-transport"
        prop.role "group"
        prop.ariaLabel "Play the trial"
        prop.children [
            iconButton Icons.stepBack "One step back" (shown <= 0) (fun () -> dispatch (ShowStep(shown - 1)))
            iconButton
                (if model.Trying.Playing then Icons.pause else Icons.play)
                (if model.Trying.Playing then "Stop" else "Play the trial")
                (last < 1)
                (fun () -> dispatch (Play(not model.Trying.Playing)))
            iconButton Icons.stepForward "One step on" (shown >= last) (fun () -> dispatch (ShowStep(shown + 1)))
            Html.span [
                prop.className "faint"
                prop.ariaLive "polite"
                prop.text $"step {shown + 1} of {last + 1}"
            ]
        ]
    ]

let private ran (model: Model) dispatch (trial: Trial) : ReactElement =
    Html.div [
        prop.className "try-result"
        prop.children [
            Html.div [
                prop.className "try-outcome"
                prop.children [
                    statusChip trial.Status
                    Html.strong trial.Reason
                    if trial.VirtualSeconds >= 1.0 then
                        Html.span [
                            prop.className "faint"
                            prop.text $"{duration trial.VirtualSeconds} of waits skipped"
                        ]
                    if not trial.Steps.IsEmpty then
                        transport model dispatch trial
                ]
            ]
            Html.ol [
                prop.className "trace"
                prop.ariaLabel "Steps of the trial"
                prop.children (List.mapi (step model dispatch trial) trial.Steps)
            ]
        ]
    ]

let private result (model: Model) (dispatch: Msg -> unit) : ReactElement =
    let note (text: string) =
        Html.p [ prop.className "studio-note"; prop.role "status"; prop.text text ]

    match model.Trying.Last, trial model with
    | _ when model.Trying.Running -> note "The trial is running…"
    | None, _ -> note "Not tried yet. Ctrl+Enter tries the current text."
    | Some { Answer = Error reason }, _ -> Html.div [ prop.className "refusal"; prop.role "alert"; prop.text reason ]
    | _, Some trial -> ran model dispatch trial
    | Some { Source = source }, _ when source <> model.Source ->
        note "The text has changed since the last trial. Try it again to see what it does now."
    | Some { Answer = Ok tried }, _ ->
        Html.div [
            note "It was not tried, because the source has errors:"
            ProblemList.list model.Name dispatch tried.Diagnostics
        ]

let view =
    React.functionComponent (
        "TryPanel",
        fun
            (props:
                {|
                    model: Model
                    dispatch: Msg -> unit
                |}) ->
            React.useEffect (
                (fun () ->
                    if props.model.Trying.Playing then
                        Browser.every stepMilliseconds (fun () -> props.dispatch PlayOn)
                    else
                        React.createDisposable ignore),
                [| box props.model.Trying.Playing |]
            )

            Html.div [
                prop.className "try"
                prop.children [ variables props.model props.dispatch; result props.model props.dispatch ]
            ]
    )
