namespace GopherFlow.Server

open GopherFlow.Contract

/// Creating workflows and finding them.
module internal WorkflowRoutes =

    open Inputs
    open Route
    open RouteParts

    let all =
        [
            change
                post
                Operators
                Workflows.CreateAction
                "createWorkflow"
                "/api/workflows"
                "Creates a workflow. One with the same external id that is there is left as it is, and its id is the answer; 409 when it is of another type or has another business key."
                Workflows.createInput
                (creates<CreatedWorkflow> "It was created.")
                Workflows.create
            |> alsoReplying (sends<CreatedWorkflow> "There was one with this external id.")
            |> taking
                """{"externalId":"order-17","workflowType":"Order","businessKey":"customer 4","executorGroup":"default","stateVars":{"amount":250}}"""
            |> refusing [
                Problem.conflict "workflowType" (Some "Order") "'Refund', as of workflow 17, which has this external id"
                Problem.overloaded "2000 creates wait already."
            ]
            query
                "searchWorkflows"
                "/api/workflows/search"
                "Workflows, newest first. Everything that is given must hold, but that id, externalId and businessKey are alternatives to each other."
                (body FilterRequests.search)
                (sends<WorkflowPage> "A page.")
                Workflows.search
            |> taking """{"filter":{"workflowTypes":["Order"],"statuses":["FAILED","ERROR"]},"limit":50}"""
            get
                "getWorkflow"
                "/api/workflows/{id}"
                "One workflow."
                (pathId "id" "a workflow")
                (sends<Workflow> "The workflow.")
                Workflows.get
            |> refusing [ noWorkflow ]
            get
                "getWorkflowByExternalId"
                "/api/workflowByExternalId/{externalId}"
                "One workflow by its external id."
                (pathText "externalId" "the external id of a workflow")
                (sends<Workflow> "The workflow.")
                Workflows.getByExternalId
            |> refusing [ noWorkflow ]
            get
                "listChildren"
                "/api/workflows/{id}/children"
                "The children of a workflow, oldest first, without their variables."
                (workflowAnd (page Page.Usual))
                (sends<WorkflowPage> "A page.")
                Workflows.children
            |> refusing [ noWorkflow ]
            get
                "getCounts"
                "/api/counts"
                "How many workflows there are of each type, version, state and status. Read from counters, not counted."
                nothing
                (sends<WorkflowCount list> "The counts.")
                Workflows.counts
            change
                post
                Operators
                Workflows.CreateAndWaitAction
                "createAndWait"
                "/api/createAndWait"
                "Creates a workflow and waits until it is in one of the states; with none, until it has ended or waits for a person."
                (body Requests.createAndWait)
                (sends<Workflow> "The workflow as it is then.")
                Waits.createAndWait
            |> taking
                """{"createWorkflowRequest":{"externalId":"order-17","workflowType":"Order","businessKey":"customer 4","executorGroup":"default"},"waitSeconds":30,"waitForStates":["Done"]}"""
            |> refusing [
                Problem.waitTimedOut 17L "Review" "WAITING"
                Problem.waitEnded 17L "Failed" "ERROR"
            ]
            change
                post
                Operators
                "workflow.stateAndWait"
                "changeStateAndWait"
                "/api/workflows/{id}/stateAndWait"
                "Moves a workflow to a state, and waits as createAndWait does."
                (changeOf Requests.stateAndWait)
                (sends<Workflow> "The workflow as it is then.")
                Waits.stateAndWait
            |> taking
                """{"updateWorkflowStateRequest":{"state":"Ship"},"fromStates":["Review"],"waitSeconds":30,"waitForStates":["Done"]}"""
            |> refusing [
                noWorkflow
                conflict
                Problem.waitTimedOut 17L "Review" "WAITING"
                Problem.waitEnded 17L "Failed" "ERROR"
            ]
        ]
        |> about "Workflows"
