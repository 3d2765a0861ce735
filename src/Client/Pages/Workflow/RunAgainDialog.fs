/// The dialog for running again from a state, optionally with changed variables.
module GopherFlow.Client.Pages.Workflow.RunAgainDialog

open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Workflow

let dialog =
    React.functionComponent (
        "RunningAgain",
        fun
            (props:
                {|
                    workflow: Workflow
                    definition: Definition option
                    state: string
                    close: unit -> unit
                |}) ->
            let workflow = props.workflow
            // The request expects the variables that were current when the dialog was opened.
            let before = React.useRef workflow.StateVars
            let text, setText = React.useState (VariableEdit.textOf workflow.StateVars)

            let wanted =
                match VariableEdit.parseValue true text with
                | Ok value when Json.isObject value -> Ok value
                | _ -> Result.Error "This is not a JSON object."

            let changes =
                wanted
                |> Result.map (fun after ->
                    VariableEdit.difference (Json.entriesOf before.current) (Json.entriesOf after))

            let changed =
                match changes with
                | Ok changes -> List.map fst changes.Set @ changes.Remove
                | Result.Error _ -> []

            Dialog.form {|
                title = $"Run again from {props.state}"
                action = "Run it again"
                consequence = [
                    $"Workflow {workflow.Id} goes to {props.state}. {Choices.arrival props.definition props.state}"
                    if changed.IsEmpty then
                        "Its variables stay as they are."
                    else
                        $"""Changed before that: {String.concat ", " changed}."""
                    "External calls of its states are made again, with other step keys."
                    if Workflow.status workflow = Executing then
                        "The running step is dropped."
                ]
                fields = [
                    Forms.areaField
                        {
                            Label = "Variables"
                            Name = "again-variables"
                            Value = text
                            Hint = "Change, add or remove variables if needed."
                            Fault =
                                (match wanted with
                                 | Result.Error fault -> Some fault
                                 | Ok _ -> None)
                            Set = setText
                        }
                        8
                ]
                blocked = None
                act =
                    fun () ->
                        match changes with
                        | Ok changes -> RunCalls.runAgain workflow.Id props.state changes
                        | Result.Error fault -> rejected (ApiException(Problem.unreadable fault))
                close = props.close
            |}
    )
