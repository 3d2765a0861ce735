namespace GopherFlow.Server

open GopherFlow.Contract

/// Importing workflows from another system.
module internal ImportRoutes =

    open Inputs
    open Route
    open RouteParts

    let all =
        [
            change
                post
                Admins
                "workflow.import"
                "importWorkflows"
                "/api/workflows/import"
                "Imports workflows that were started in another system, in their current state; earlier states are not run. Parents and children must be in the same request. A workflow that already exists is not changed, so a request can be repeated."
                (body ImportRequests.import)
                (sends<ImportedWorkflows> "The result for each workflow.")
                Imports.import
            |> taking
                """{"dryRun":true,"workflows":[{"externalId":"order-17","workflowType":"Order","businessKey":"customer 4","executorGroup":"default","state":"Ship","stateVars":{"amount":250},"nextActivation":"2026-12-01T08:00:00Z","retryCount":1,"created":"2026-10-22T19:00:00Z","origin":"the shop, id 17"}]}"""
        ]
        |> about "Workflows"
