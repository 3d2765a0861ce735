namespace GopherFlow.Server

open Microsoft.AspNetCore.Http

/// Helpers that several groups of routes share.
module internal RouteParts =

    open Inputs
    open Route

    let post = HttpMethods.Post
    let put = HttpMethods.Put
    let patch = HttpMethods.Patch
    let delete = HttpMethods.Delete

    let noWorkflow = Problem.notFound "id" "17" "the id or external id of a workflow"

    let conflict =
        Problem.notInThatState 17L "Ship" "FINISHED" "a workflow that has not ended"

    let workflowAnd request =
        input {
            let! workflow = workflow
            and! request = request
            return workflow, request
        }

    let changeOf decoder = workflowAnd (body decoder)

    let operation name action summary input replies handle =
        change post Operators $"workflow.{action}" name $"/api/workflows/{{id}}/{action}" summary input replies handle
        |> refusing [ noWorkflow; conflict ]
