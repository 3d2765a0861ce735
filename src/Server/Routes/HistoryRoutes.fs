namespace GopherFlow.Server

open System
open GopherFlow.Contract

/// Histories.
module internal HistoryRoutes =

    open Inputs
    open Route
    open RouteParts

    let private oldestFirst =
        input {
            let! order = queryChoice "order" [ "newest", false; "oldest", true ]
            return defaultArg order false
        }

    let all =
        [
            get
                "listActions"
                "/api/actions/byWorkflowId/{id}"
                "The history of a workflow as lines of text, newest first, in the format of the Go system. The cursor for the next page is the id of the last entry."
                (input {
                    let! id = pathId "id" "a workflow"
                    and! page = page 200
                    return id, page
                })
                (sends<Action list> "A page.")
                Histories.actions
            |> refusing [ noWorkflow ]
            get
                "getHistory"
                "/api/workflows/{id}/history"
                "The history of a workflow as data: one entry for each event."
                (input {
                    let! workflow = workflow
                    and! oldestFirst = oldestFirst
                    and! page = page 200
                    return workflow, oldestFirst, page
                })
                (sends<HistoryPage> "A page.")
                Histories.page
            |> refusing [ noWorkflow ]
            get
                "getPath"
                "/api/workflows/{id}/path"
                "The path of a workflow through its states: visits, times, transitions."
                workflow
                (sends<WorkflowPath> "The path.")
                Histories.path
            |> refusing [ noWorkflow ]
            get
                "getVariablesAt"
                "/api/workflows/{id}/variables"
                "The variables of a workflow as of an entry of its history."
                (workflowAnd (
                    requiredQuery
                        "at"
                        (Schema.Whole(1L, Int64.MaxValue))
                        "the id of an entry of the history"
                        Page.tryCursor
                ))
                (sends<VariablesAt> "The variables.")
                Histories.variablesAt
            |> refusing [ noWorkflow ]
        ]
        |> about "Histories"
