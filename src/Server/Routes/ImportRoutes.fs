namespace GopherFlow.Server

open GopherFlow.Contract

/// Taking workflows over from another system.
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
                "Creates workflows that another system has begun, in the state where they are; nothing of them runs in between. Families come whole, parents and children in one request. One that is there stays as it is, so a request may be repeated."
                (body ImportRequests.import)
                (sends<ImportedWorkflows> "What became of each.")
                Imports.import
            |> taking
                """{"dryRun":true,"workflows":[{"externalId":"order-17","workflowType":"Order","businessKey":"customer 4","executorGroup":"default","state":"Ship","stateVars":{"amount":250},"nextActivation":"2026-12-01T08:00:00Z","retryCount":1,"created":"2026-10-22T19:00:00Z","origin":"the shop, id 17"}]}"""
        ]
        |> about "Workflows"
