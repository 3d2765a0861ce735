module GopherFlow.Client.Tests.GraphTest

open GopherFlow.Contract
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Tests.Samples

let private names (graph: Graph) = graph.States |> List.map _.Name

let private back (graph: Graph) =
    graph.Transitions |> List.filter _.Back |> List.map Transition.id

test "states are in flow order, regardless of the order of declaration" (fun () ->
    let shuffled = {
        parent with
            States = List.rev parent.States
    }

    equal
        [ "ParentInit"; "ParentSpawnChildren"; "ParentWaitForChildren"; "ParentFinish" ]
        (names (ofDefinition shuffled)))

test "every state comes before its successors" (fun () ->
    let graph = ofDefinition order
    let place = names graph |> List.mapi (fun i name -> name, i) |> Map.ofList

    for transition in graph.Transitions do
        if not transition.Back then
            isTrue (Transition.id transition) (place[transition.From] < place[transition.To]))

test "transitions that lead back are marked, including loops" (fun () ->
    equal
        (set [
            "AskPerson->CheckCredit"
            "Reserve->CheckCredit"
            "Reserve->Reserve"
            "Ship->Reserve"
        ])
        (set (back (ofDefinition order))))

test "a graph without transitions back has none marked" (fun () ->
    let line = definition "Line" [ state "A" Start [ "B" ]; state "B" End [] ]
    equal [] (back (ofDefinition line)))

test "unreachable states are shown too" (fun () ->
    let loose =
        definition "Loose" [ state "A" Start [ "B" ]; state "X" Normal [ "B" ]; state "B" End [] ]

    equal [ "A"; "B"; "X" ] (names (ofDefinition loose)))

test "a transition is drawn once, and only to a state that exists" (fun () ->
    let odd =
        definition "Odd" [ state "A" Start [ "B"; "B"; "Nowhere" ]; state "B" End [] ]

    equal [ "A->B" ] (ofDefinition odd |> _.Transitions |> List.map Transition.id))

test "the path that is declared first is the way forward, even if there is a shortcut" (fun () ->
    let shortcut =
        definition "Shortcut" [
            state "A" Start [ "B"; "D" ]
            state "B" Normal [ "C" ]
            state "C" Normal [ "D" ]
            state "D" Normal [ "End"; "B" ]
            state "End" End []
        ]

    let graph = ofDefinition shortcut
    equal [ "D->B" ] (back graph)
    equal [ "A"; "B"; "C"; "D"; "End" ] (names graph))

test "the branch that is declared first comes first" (fun () ->
    let fork =
        definition "Fork" [
            state "A" Start [ "Yes"; "No" ]
            state "Yes" Normal [ "End" ]
            state "No" Normal [ "End" ]
            state "End" End []
        ]

    equal [ "A"; "Yes"; "No"; "End" ] (names (ofDefinition fork)))
