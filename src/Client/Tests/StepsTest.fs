module GopherFlow.Client.Tests.StepsTest

open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Layout
open GopherFlow.Client.Diagram.Steps
open GopherFlow.Client.Tests.Samples

let private graph = Graph.ofDefinition order

let private at (x: float) (y: float) : Box = {
    X = x
    Y = y
    Width = 100.0
    Height = 50.0
}

let private layout: Layout = {
    Width = 400.0
    Height = 400.0
    Boxes =
        Map [
            "Receive", at 100.0 0.0
            "CheckCredit", at 100.0 100.0
            "AskPerson", at 0.0 200.0
            "Reserve", at 200.0 200.0
            "Rejected", at 300.0 200.0
            "Ship", at 200.0 300.0
            "Done", at 200.0 400.0
        ]
    Routes = Map.empty
}

let private go from arrow = next layout graph from arrow

test "an arrow key follows a transition on its side, forwards or backwards" (fun () ->
    equal (Some "CheckCredit") (go "Receive" Below)
    equal (Some "Receive") (go "CheckCredit" Up)
    equal (Some "AskPerson") (go "CheckCredit" Below)
    equal (Some "Reserve") (go "AskPerson" Beside))

test "an arrow key without a transition goes to the nearest state" (fun () ->
    equal (Some "Rejected") (go "Reserve" Beside))

test "an arrow key does nothing at the edge" (fun () -> equal None (go "Receive" Up))
