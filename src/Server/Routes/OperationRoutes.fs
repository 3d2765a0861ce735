namespace GopherFlow.Server

open GopherFlow.Contract

/// What is done to one workflow.
module internal OperationRoutes =

    open Inputs
    open Route
    open RouteParts

    let all =
        [
            operation
                "changeState"
                "state"
                "Moves a workflow to a state, whatever it is doing."
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
                "Sets and removes variables, all of them or none; with what they are expected to be before, if given. Null expects that there is none."
                (changeOf VariableRequests.patch)
                (sends<Changed> "They were changed.")
                WorkflowChanges.patchVariables
            |> taking """{"set":{"amount":250},"remove":["note"],"expected":{"amount":200}}"""
            |> refusing [ noWorkflow; conflict ]
            operation
                "cancelWorkflow"
                "cancel"
                "Cancels a workflow: it ends as CANCELLED, or goes to the state that its definition names for that."
                (changeOf OperationRequests.cancel)
                (sends<CancelledWorkflow> "It was cancelled.")
                WorkflowChanges.cancel
            |> taking """{"children":true}"""
            operation
                "pauseWorkflow"
                "pause"
                "Pauses a workflow. A step that runs ends first."
                (changeOf OperationRequests.nothing)
                (sends<ChangedWorkflow> "It is paused, or will be when its step has ended.")
                WorkflowChanges.pause
            operation
                "resumeWorkflow"
                "resume"
                "Has a paused workflow go on where it was."
                (changeOf OperationRequests.nothing)
                (sends<ChangedWorkflow> "It goes on.")
                WorkflowChanges.resume
            operation
                "retryWorkflow"
                "retry"
                "Makes the next attempt now: of a workflow that waits for it, or that has failed."
                (changeOf OperationRequests.nothing)
                (sends<ChangedWorkflow> "The attempt is due.")
                WorkflowChanges.retry
            operation
                "runWorkflowAgain"
                "runAgain"
                "Runs a workflow again from one of its states, whatever it is doing or has ended as."
                (changeOf OperationRequests.runAgain)
                (sends<ChangedWorkflow> "It runs again.")
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
                "Deletes a workflow that has ended, with its variables and its history. Its children stay."
                workflow
                (sendsNothing "It was deleted.")
                WorkflowChanges.delete
            |> refusing [ noWorkflow; conflict ]
        ]
        |> about "Operations"
