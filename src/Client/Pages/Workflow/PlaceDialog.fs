/// The dialog for changing the priority and the executor group.
module GopherFlow.Client.Pages.Workflow.PlaceDialog

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow

let dialog =
    React.functionComponent (
        "Placing",
        fun
            (props:
                {|
                    workflow: Workflow
                    close: unit -> unit
                |}) ->
            let workflow = props.workflow
            let priority, setPriority = React.useState (string workflow.Priority)
            let group, setGroup = React.useState workflow.ExecutorGroup
            let executors = Queries.useExecutors ()

            let served =
                match executors.Data with
                | Some executors ->
                    not (ExecutorList.hasAllAlive executors)
                    || executors
                       |> List.exists (fun executor -> executor.Alive && List.contains (group.Trim()) executor.Groups)
                | None -> true

            Dialog.form {|
                title = $"Priority and group of workflow {workflow.Id}"
                action = "Change"
                consequence = [
                    "Of workflows that are due, those with the lowest number are taken first, by executors of the group."
                    if not served then
                        $"No executor serves {group.Trim()} now: the workflow does not run until one does."
                ]
                fields = [
                    Forms.choiceField
                        {
                            Label = "Priority"
                            Name = "priority"
                            Value = priority
                            Hint = ""
                            Fault = None
                            Set = setPriority
                        }
                        [
                            for number in 1..9 do
                                string number,
                                (match number with
                                 | 1 -> "1, first"
                                 | 5 -> "5, usual"
                                 | 9 -> "9, last"
                                 | _ -> string number)
                        ]
                    Forms.textField
                        {
                            Label = "Executor group"
                            Name = "group"
                            Value = group
                            Hint = ""
                            Fault = None
                            Set = setGroup
                        }
                        []
                ]
                blocked = (if group.Trim() = "" then Some "Enter a group." else None)
                act = fun () -> RunCalls.place workflow.Id (int priority) (group.Trim())
                close = props.close
            |}
    )
