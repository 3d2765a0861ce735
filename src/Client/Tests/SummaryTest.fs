module GopherFlow.Client.Tests.SummaryTest

open GopherFlow.Contract
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Tests.Samples

let private graph = Graph.ofDefinition parent

let private picture =
    Pictures.Run.now
        graph
        {
            workflow parent "ParentWaitForChildren" InProgress with
                WaitsFor = Some "children"
                OpenChildren = 2
        }
        (walk [
            "ParentInit"
            "ParentSpawnChildren"
            "ParentWaitForChildren"
            "ParentWaitForChildren"
        ])

test "the diagram is described in words" (fun () ->
    equal
        [
            "DemoParentWorkflow, version 1: 4 states, starts at ParentInit."
            "ParentInit, start state, visited, ran once; goes to ParentSpawnChildren."
            "ParentSpawnChildren, normal state, visited, ran once; goes to ParentWaitForChildren."
            "ParentWaitForChildren, normal state, current, in progress, ran 2 times, waits for 2 children; goes to ParentFinish, ParentWaitForChildren."
            "ParentFinish, end state, may come next; ends here."
        ]
        (Summary.ofPicture noon graph picture))

test "a failed attempt is described as a failure, not as a retry" (fun () ->
    let failure = {
        action 9 "ERROR" "ParentInit" "no" with
            Kind = "ATTEMPT_FAILED"
            From = Some "ParentInit"
    }

    let picture =
        Pictures.Run.now graph (workflow parent "ParentInit" Failed) (failure :: walk [ "ParentInit" ])

    equal
        (Some "ParentInit, start state, current, failed, ran once, failed once; goes to ParentSpawnChildren.")
        (Summary.ofPicture noon graph picture |> List.tryItem 1))

test "counts and changes are described in words" (fun () ->
    let counts =
        Pictures.Counts.picture graph [
            {
                WorkflowType = "DemoParentWorkflow"
                Version = "1"
                State = "ParentFinish"
                Status = "FINISHED"
                Count = 3.0
            }
        ]

    equal
        (Some "ParentFinish, end state, workflows: 3 finished; ends here.")
        (Summary.ofPicture noon graph counts |> List.tryLast)

    let newer = {
        parent with
            Version = "2"
            States = parent.States |> List.filter (fun state -> state.Name <> "ParentSpawnChildren")
    }

    let lines =
        Summary.ofPicture noon (Graph.ofComparison parent newer) (Pictures.Comparison.picture parent newer)

    isTrue "title" (lines.Head.StartsWith "DemoParentWorkflow, from version 1 to 2: 4 states")

    isTrue
        "removed"
        (lines
         |> List.contains "ParentSpawnChildren, normal state, removed; goes to ParentWaitForChildren (removed)."))
