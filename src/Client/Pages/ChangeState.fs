/// Moving a workflow to another state by hand.
module GopherFlow.Client.Pages.ChangeState

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http

/// The states to choose from; when the type is not known, only the present one.
let private states (workflow: Workflow) (definition: Definition option) : string list =
    match definition with
    | Some definition -> definition.States |> List.map _.Name
    | None -> [ workflow.State ]

/// The states that its present state may go to.
let private allowed (workflow: Workflow) (definition: Definition option) : string list =
    definition
    |> Option.bind (fun definition -> definition.States |> List.tryFind (fun state -> state.Name = workflow.State))
    |> Option.map _.GoesTo
    |> Option.defaultValue []

/// Where a person most likely wants to move it.
let private likely (workflow: Workflow) (definition: Definition option) : string =
    allowed workflow definition @ states workflow definition
    |> List.tryHead
    |> Option.defaultValue workflow.State

let private consequence (workflow: Workflow) (state: string) (at: Instant option) : string =
    let moment =
        match at with
        | Some at -> $"It runs {Instant.exact at}."
        | None -> "It runs at once."

    $"Moves workflow {workflow.Id} from {workflow.State} to {state}. {moment} Its retry count starts again at 0."

let private body =
    React.functionComponent (
        "ChangeState",
        fun
            (props:
                {|
                    workflow: Workflow
                    definition: Definition option
                    target: string
                    close: unit -> unit
                |}) ->
            let state, setState = React.useState props.target
            let time, setTime = React.useState ""
            let busy, setBusy = React.useState false
            let refusal, setRefusal = React.useState (None: string option)
            let at = ofLocalField time

            let change () =
                promise {
                    setBusy true
                    setRefusal None

                    try
                        do! Calls.changeState props.workflow.Id state at
                        props.close ()
                    with failure ->
                        setRefusal (failure |> Problem.ofException |> Problem.text |> Some)
                        setBusy false
                }

            Forms.form "dialog-form" (change >> start) [
                Forms.refusal refusal
                Forms.choiceField
                    {
                        Label = "New state"
                        Name = "new-state"
                        Value = state
                        Hint = ""
                        Fault = None
                        Set = setState
                    }
                    (states props.workflow props.definition |> List.map (fun name -> name, name))
                Forms.timeField {
                    Label = "Next activation"
                    Name = "new-activation"
                    Value = time
                    Hint = "Optional. Empty means now."
                    Fault = None
                    Set = setTime
                }
                Html.p [
                    prop.className "consequence"
                    prop.text (consequence props.workflow state at)
                ]
                Html.div [
                    prop.className "form-end"
                    prop.children [ Forms.cancel props.close; Forms.submit "Change state" busy ]
                ]
            ]
    )

/// The buttons, and the dialog that they open. A workflow that waits for a person has one for each way to go.
let view =
    React.functionComponent (
        "ChangeStateButtons",
        fun
            (props:
                {|
                    workflow: Workflow
                    definition: Definition option
                    disabledBecause: string option
                |}) ->
            let target, setTarget = React.useState (None: string option)
            let workflow, definition = props.workflow, props.definition

            Html.fragment [
                if Workflow.waitsFor workflow = Some Person then
                    for state in allowed workflow definition do
                        Basics.button Basics.Plain Icons.move $"To {state}" props.disabledBecause (fun () ->
                            setTarget (Some state))

                Basics.button Basics.Plain Icons.move "Change state" props.disabledBecause (fun () ->
                    setTarget (Some(likely workflow definition)))

                match target with
                | Some target ->
                    Forms.dialog {|
                        title = "Change state"
                        close = fun () -> setTarget None
                        body =
                            body {|
                                workflow = workflow
                                definition = definition
                                target = target
                                close = fun () -> setTarget None
                            |}
                    |}
                | None -> ()
            ]
    )
