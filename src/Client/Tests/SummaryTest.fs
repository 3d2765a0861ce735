module GopherFlow.Client.Tests.SummaryTest

open GopherFlow.Contract
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Tests.Samples

let private graph = Graph.ofDefinition parent

let private picture =
    Picture.ofRun
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

test "the diagram is told in words" (fun () ->
    equal
        [
            "DemoParentWorkflow, version 1: 4 states, starts at ParentInit."
            "ParentInit, start state, visited, ran once; goes to ParentSpawnChildren."
            "ParentSpawnChildren, normal state, visited, ran once; goes to ParentWaitForChildren."
            "ParentWaitForChildren, normal state, current, in progress, ran 2 times, waits for 2 children; goes to ParentFinish, ParentWaitForChildren."
            "ParentFinish, end state, may come next; ends here."
        ]
        (Summary.ofPicture noon graph picture))
