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
                "Creates a workflow. If one with the same external id already exists, it is not changed and its id is returned; 409 if it has another type or business key."
                Workflows.createInput
                (creates<CreatedWorkflow> "It was created.")
                Workflows.create
            |> alsoReplying (sends<CreatedWorkflow> "A workflow with this external id already existed.")
            |> taking
                """{"externalId":"order-17","workflowType":"Order","businessKey":"customer 4","executorGroup":"default","stateVars":{"amount":250}}"""
            |> refusing [
                Problem.conflict "workflowType" (Some "Order") "'Refund', as in workflow 17, which has this external id"
                Problem.overloaded "2000 creates wait already."
            ]
            query
                "searchWorkflows"
                "/api/workflows/search"
                "Workflows, newest first. Conditions are combined with AND, except that id, externalId and businessKey are alternatives to each other."
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
                "The number of workflows of each type, version, state and status. The numbers are read from counters, not counted."
                nothing
                (sends<WorkflowCount list> "The counts.")
                Workflows.counts
            change
                post
                Operators
                Workflows.CreateAndWaitAction
                "createAndWait"
                "/api/createAndWait"
                "Creates a workflow and waits until it is in one of the given states; if none are given, until it has ended or waits for a person."
                (body Requests.createAndWait)
                (sends<Workflow> "The workflow after the wait.")
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
                "Moves a workflow to a state and waits in the same way as createAndWait."
                (changeOf Requests.stateAndWait)
                (sends<Workflow> "The workflow after the wait.")
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
