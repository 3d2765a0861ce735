/// The dialog for moving a workflow to another state.
module GopherFlow.Client.Pages.Workflow.MoveDialog

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow

let dialog =
    React.functionComponent (
        "Moving",
        fun
            (props:
                {|
                    workflow: Workflow
                    definition: Definition option
                    target: string
                    close: unit -> unit
                |}) ->
            let workflow, definition = props.workflow, props.definition
            let time, setTime = React.useState ""
            // The move starts from the state that the workflow had when the dialog was opened.
            let from = React.useRef workflow.State
            let forced, setForced = React.useState false
            let kind = Choices.target workflow definition props.target
            let runs = Choices.runs definition props.target
            let at = if runs then ofLocalField time else None

            Dialog.form {|
                title = $"Move to {props.target}"
                action =
                    (if kind = Choices.Forced then
                         "Move it anyway"
                     else
                         "Move it")
                consequence = [
                    $"Moves workflow {workflow.Id} from {from.current} to {props.target}."
                    match at with
                    | Some at -> $"It runs {Instant.exact at}."
                    | None -> Choices.arrival definition props.target
                    if Workflow.status workflow = Executing then
                        "The running step is dropped."
                    if workflow.RetryCount > 0 then
                        "Its attempts are counted from the start again."
                ]
                fields = [
                    match kind with
                    | Choices.Forced ->
                        Forms.refusal (
                            Some
                                $"{from.current} does not declare {props.target} as a target. The move has to be forced, which is noted in the history."
                        )

                        Forms.tick "forced" "Force the move" forced setForced
                    | Choices.Free ->
                        Html.p [
                            prop.className "hint"
                            prop.text
                                $"The definition has no transition from {from.current} to {props.target}. You can move it there anyway."
                        ]
                    | _ -> ()
                    if runs then
                        Forms.timeField {
                            Label = "When it runs"
                            Name = "new-activation"
                            Value = time
                            Hint = "Optional. Empty: as soon as possible."
                            Fault = None
                            Set = setTime
                        }
                ]
                blocked =
                    (match kind with
                     | Choices.Present -> Some "It is there already."
                     | Choices.Forced when not forced -> Some "Tick the box to force it."
                     | _ -> None)
                act =
                    fun () ->
                        RunCalls.move workflow.Id {
                            To = props.target
                            From = from.current
                            At = at
                            Forced = forced
                        }
                close = props.close
            |}
    )
