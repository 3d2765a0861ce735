namespace GopherFlow.Server

open GopherFlow.Contract

/// Operations on one workflow.
module internal OperationRoutes =

    open Inputs
    open Route
    open RouteParts

    let all =
        [
            operation
                "changeState"
                "state"
                "Moves a workflow to a state, whatever its status."
                (changeOf Requests.state)
                (sends<Changed> "It was moved.")
                WorkflowChanges.move
            |> taking """{"state":"Ship","fromStates":["Review"]}"""
            operation
                "setVariable"
                "statevars"
                "Sets one variable."
                (changeOf Requests.variable)
                (sends<Changed> "It was set.")
                WorkflowChanges.setVariable
            |> taking """{"key":"amount","value":250,"expected":200}"""
            change
                patch
                Operators
                "workflow.variables"
                "changeVariables"
                "/api/workflows/{id}/variables"
                "Sets and removes variables: either all of the changes are made or none. If expected previous values are given, they must match; null expects that the variable does not exist."
                (changeOf VariableRequests.patch)
                (sends<Changed> "They were changed.")
                WorkflowChanges.patchVariables
            |> taking """{"set":{"amount":250},"remove":["note"],"expected":{"amount":200}}"""
            |> refusing [ noWorkflow; conflict ]
            operation
                "cancelWorkflow"
                "cancel"
                "Cancels a workflow: it ends as CANCELLED, or moves to the clean-up state of its definition."
                (changeOf OperationRequests.cancel)
                (sends<CancelledWorkflow> "It was cancelled.")
                WorkflowChanges.cancel
            |> taking """{"children":true}"""
            operation
                "pauseWorkflow"
                "pause"
                "Pauses a workflow. A running step ends first."
                (changeOf OperationRequests.nothing)
                (sends<ChangedWorkflow> "It is paused, or will be when its step has ended.")
                WorkflowChanges.pause
            operation
                "resumeWorkflow"
                "resume"
                "Resumes a paused workflow where it was."
                (changeOf OperationRequests.nothing)
                (sends<ChangedWorkflow> "It was resumed.")
                WorkflowChanges.resume
            operation
                "retryWorkflow"
                "retry"
                "Makes the next attempt now, for a workflow that waits for a retry or has failed."
                (changeOf OperationRequests.nothing)
                (sends<ChangedWorkflow> "The attempt is due.")
                WorkflowChanges.retry
            operation
                "runWorkflowAgain"
                "runAgain"
                "Runs a workflow again from one of its states, whatever its status."
                (changeOf OperationRequests.runAgain)
                (sends<ChangedWorkflow> "It will run again.")
                WorkflowChanges.runAgain
            |> taking """{"state":"Ship","set":{"address":"Main Street 5"}}"""
            change
                patch
                Operators
                "workflow.place"
                "placeWorkflow"
                "/api/workflows/{id}"
                "Changes the priority or the executor group of a workflow."
                (changeOf OperationRequests.place)
                (sends<ChangedWorkflow> "It was changed.")
                WorkflowChanges.place
            |> taking """{"priority":1,"executorGroup":"night"}"""
            |> refusing [ noWorkflow; conflict ]
            change
                delete
                Operators
                "workflow.delete"
                "deleteWorkflow"
                "/api/workflows/{id}"
                "Deletes a workflow that has ended, with its variables and its history. Its children are kept."
                workflow
                (sendsNothing "It was deleted.")
                WorkflowChanges.delete
            |> refusing [ noWorkflow; conflict ]
        ]
        |> about "Operations"
