/// What a person can do to a workflow, each with what it will do, and why it cannot be done now.
module GopherFlow.Client.Pages.Operations

open Feliz
open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Confirm
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

type private Operation = {
    Label: string
    Icon: ReactElement
    Consequence: string
    /// None when it can be done.
    DisabledBecause: string option
    Act: unit -> JS.Promise<unit>
}

let private unless (isPossible: bool) (reason: string) : string option =
    if isPossible then None else Some reason

let private names (children: int) =
    match children with
    | 0 -> ""
    | 1 -> " Its unfinished child is cancelled with it."
    | count -> $" Its {count} unfinished children are cancelled with it."

let private operations (workflow: Workflow) : Operation list =
    let isOver = Workflow.isOver workflow
    let isPaused = Workflow.status workflow = Paused

    let mayRetry =
        List.contains (Workflow.status workflow) [ Failed; Errored ]
        || workflow.RetryCount > 0

    [
        {
            Label = "Retry now"
            Icon = Icons.play
            Consequence =
                $"Makes the next attempt of {workflow.State} now. One that has failed for good has all its retries again."
            DisabledBecause = unless mayRetry "It has not failed, and does not wait for another attempt."
            Act = fun () -> Calls.operate workflow.Id "retry" []
        }
        if isPaused then
            {
                Label = "Resume"
                Icon = Icons.play
                Consequence = "It goes on where it was. What was due meanwhile runs at once."
                DisabledBecause = None
                Act = fun () -> Calls.operate workflow.Id "resume" []
            }
        else
            {
                Label = "Pause"
                Icon = Icons.pause
                Consequence =
                    "It rests until it is resumed. A step that runs ends first; wakes and signals that come meanwhile are kept."
                DisabledBecause = unless (not isOver) "It has ended."
                Act = fun () -> Calls.operate workflow.Id "pause" []
            }
        {
            Label = "Cancel"
            Icon = Icons.cross
            Consequence =
                $"It ends as cancelled, or goes to the state that its definition names for that.{names workflow.OpenChildren} A step that runs is asked to stop, and nothing of it is kept."
            DisabledBecause = unless (not isOver) "It has ended."
            Act = fun () -> Calls.operate workflow.Id "cancel" [ "children", box true ]
        }
        {
            Label = "Run again"
            Icon = Icons.turn
            Consequence =
                "It runs again from its first state, with its variables as they are. Calls to the outside are made anew."
            DisabledBecause = unless isOver "It has not ended yet."
            Act = fun () -> Calls.operate workflow.Id "runAgain" []
        }
        {
            Label = "Delete"
            Icon = Icons.cross
            Consequence = "It is deleted with its variables and its history. Its children stay."
            DisabledBecause = unless isOver "It has not ended yet."
            Act =
                fun () ->
                    Calls.deleteWorkflow workflow.Id
                    |> Promise.map (fun () -> Router.go (Router.Workflows WorkflowFilter.empty))
        }
    ]

/// A button for each operation; each asks for confirmation first.
let view =
    React.functionComponent (
        "Operations",
        fun
            (props:
                {|
                    workflow: Workflow
                    disabledBecause: string option
                |}) ->
            let asked, ask = React.useState (None: Question option)

            Html.fragment [
                for operation in operations props.workflow do
                    let reason = props.disabledBecause |> Option.orElse operation.DisabledBecause

                    Basics.button Basics.Plain operation.Icon operation.Label reason (fun () ->
                        ask (
                            Some {
                                Title = $"{operation.Label}: workflow {props.workflow.Id}"
                                Consequence = operation.Consequence
                                Action = operation.Label
                                Act = operation.Act
                            }
                        ))

                Confirm.dialog asked (fun () -> ask None)
            ]
    )
