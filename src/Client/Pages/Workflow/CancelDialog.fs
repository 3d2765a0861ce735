/// The dialog for cancelling, with or without the children.
module GopherFlow.Client.Pages.Workflow.CancelDialog

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow

let dialog =
    React.functionComponent (
        "Cancelling",
        fun
            (props:
                {|
                    workflow: Workflow
                    close: unit -> unit
                |}) ->
            let workflow = props.workflow
            let withChildren, setWithChildren = React.useState (workflow.OpenChildren > 0)

            Dialog.form {|
                title = $"Cancel workflow {workflow.Id}"
                action = "Cancel the workflow"
                consequence = [
                    "It ends as cancelled, or goes to the state that its definition names for that."
                    if Workflow.status workflow = Executing then
                        "The running step is asked to stop, and its results are dropped."
                    if workflow.OpenChildren > 0 then
                        if withChildren then
                            $"Cancelled with it: {Choices.describeChildren workflow.OpenChildren}, and all their descendants."
                        else
                            $"Left as they are: {Choices.describeChildren workflow.OpenChildren}."
                ]
                fields = [
                    if workflow.OpenChildren > 0 then
                        Forms.tick
                            "with-children"
                            $"Cancel {Choices.describeChildren workflow.OpenChildren}, too"
                            withChildren
                            setWithChildren
                ]
                blocked = None
                act = fun () -> RunCalls.cancel workflow.Id withChildren
                close = props.close
            |}
    )
