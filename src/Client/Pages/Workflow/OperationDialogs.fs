/// The dialogs of the operations: each says what it will do before it is done.
module GopherFlow.Client.Pages.Workflow.OperationDialogs

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow.Model

let view
    (workflow: Workflow)
    (definition: Definition option)
    (dialog: Model.Dialog option)
    (dispatch: Message -> unit)
    : ReactElement =
    let close () = dispatch Closed
    let ask question = Dialog.ask question close
    let id = workflow.Id

    match dialog with
    | None -> Html.none
    | Some Retrying ->
        ask {
            Title = $"Retry workflow {id}"
            Action = "Retry now"
            Consequence = [
                $"The next attempt of {workflow.State} is due at once, and runs as soon as an executor of its group is free."
                if Workflow.isOver workflow then
                    "It has all its retries again."
                if Workflow.status workflow = Paused then
                    "It is not paused any more."
            ]
            Act = fun () -> RunCalls.retry id
        }
    | Some Pausing ->
        ask {
            Title = $"Pause workflow {id}"
            Action = "Pause it"
            Consequence = [
                if Workflow.status workflow = Executing then
                    "The step that runs ends first; then it rests until it is resumed."
                else
                    "It rests until it is resumed."
                "Wake-ups and signals that arrive meanwhile are kept."
            ]
            Act = fun () -> RunCalls.pause id
        }
    | Some Resuming ->
        ask {
            Title = $"Resume workflow {id}"
            Action = "Resume it"
            Consequence = [
                match workflow.HeldActivation with
                | Some at when Instant.milliseconds at > Instant.milliseconds (Instant.now ()) ->
                    $"It goes on where it was, and is due {Instant.exact at}, unless something wakes it before."
                | Some _ -> "It goes on where it was. What was due meanwhile runs as soon as an executor is free."
                | None -> "It goes on where it was, and waits for what it waited for."
            ]
            Act = fun () -> RunCalls.resume id
        }
    | Some Deleting ->
        ask {
            Title = $"Delete workflow {id}"
            Action = "Delete it for good"
            Consequence = [
                "It is deleted with its variables and its history, for good. Its children stay."
            ]
            Act =
                fun () ->
                    Calls.deleteWorkflow id
                    |> map (fun () ->
                        Router.goFrom (Router.Workflow id) (Router.Workflows WorkflowFilter.empty)
                        LiveCache.deleted () |> start)
        }
    | Some Cancelling -> CancelDialog.dialog {| workflow = workflow; close = close |}
    | Some Placing -> PlaceDialog.dialog {| workflow = workflow; close = close |}
    | Some MovingVersion -> VersionDialog.dialog {| workflow = workflow; close = close |}
    | Some(Moving target) ->
        MoveDialog.dialog {|
            workflow = workflow
            definition = definition
            target = target
            close = close
        |}
    | Some(RunningAgain state) ->
        RunAgainDialog.dialog {|
            workflow = workflow
            definition = definition
            state = state
            close = close
        |}
