/// The dialogs of the operations. Each explains what it will do.
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
                    "It gets all its retries again."
                if Workflow.status workflow = Paused then
                    "It is resumed."
            ]
            Act = fun () -> RunCalls.retry id
        }
    | Some Pausing ->
        ask {
            Title = $"Pause workflow {id}"
            Action = "Pause it"
            Consequence = [
                if Workflow.status workflow = Executing then
                    "The running step ends first; then nothing runs until it is resumed."
                else
                    "Nothing runs until it is resumed."
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
                    $"It continues where it was, and is due {Instant.exact at}, unless something wakes it before."
                | Some _ -> "It continues where it was. If it became due, it runs as soon as an executor is free."
                | None -> "It continues where it was, and waits for the same as before."
            ]
            Act = fun () -> RunCalls.resume id
        }
    | Some Deleting ->
        ask {
            Title = $"Delete workflow {id}"
            Action = "Delete permanently"
            Consequence = [
                "It is deleted permanently, with its variables and its history. Its children stay."
            ]
            Act =
                fun () ->
                    Calls.deleteWorkflow id
                    |> map (fun () ->
                        Router.goFrom (Router.Workflow id) (Router.Workflows WorkflowFilter.empty)
                        Deletions.refetch () |> start)
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
