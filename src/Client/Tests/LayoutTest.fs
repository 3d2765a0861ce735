module GopherFlow.Client.Tests.LayoutTest

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Layout
open GopherFlow.Client.Tests.Samples

[<ImportDefault("elkjs/lib/elk.bundled.js"); Emit("new $0()")>]
let private createEngine () : obj = jsNative

let private layoutOf (direction: Direction) (definition: Definition) : JS.Promise<Layout> =
    let engine = createEngine ()

    let answer: JS.Promise<obj> =
        engine?layout (definition |> Graph.ofDefinition |> request direction)

    map read answer

let private samples = [ parent; order; long ]

let private overlap (a: Box) (b: Box) =
    a.X < b.X + b.Width
    && b.X < a.X + a.Width
    && a.Y < b.Y + b.Height
    && b.Y < a.Y + a.Height

/// Whether a straight part of a route goes through the inside of a box.
let private crosses (box: Box) (a: Point, b: Point) =
    min a.X b.X < box.X + box.Width - 1.0
    && max a.X b.X > box.X + 1.0
    && min a.Y b.Y < box.Y + box.Height - 1.0
    && max a.Y b.Y > box.Y + 1.0

let private statesApart (layout: Layout) : unit =
    let boxes = Map.toList layout.Boxes

    for name, box in boxes do
        for other, otherBox in boxes do
            if name < other then
                isTrue $"{name} covers {other}" (not (overlap box otherBox))

let private linesAround (layout: Layout) : unit =
    for KeyValue(id, route) in layout.Routes do
        isTrue $"{id} has a route" (route.Length >= 2)

        for part in List.pairwise route do
            for KeyValue(name, box) in layout.Boxes do
                isTrue $"{id} goes through {name}" (not (crosses box part))

for sample in samples do
    for direction in [ Down; Right ] do
        testLater $"{sample.Name} is laid out {direction} the same each time" (fun () ->
            promise {
                let! first = layoutOf direction sample
                let! second = layoutOf direction sample
                equal first second
            })

        testLater
            $"{sample.Name} laid out {direction}: no state covers another, no line goes through a state"
            (fun () ->
                promise {
                    let! layout = layoutOf direction sample
                    equal sample.States.Length layout.Boxes.Count
                    statesApart layout
                    linesAround layout
                })

testLater "the order in which a definition lists its states changes nothing" (fun () ->
    promise {
        let! straight = layoutOf Down order

        let! shuffled =
            layoutOf Down {
                order with
                    States = List.rev order.States
            }

        equal straight shuffled
    })

testLater "flow goes down, or to the right" (fun () ->
    promise {
        let! down = layoutOf Down parent
        let! right = layoutOf Right parent
        isTrue "down" (down.Boxes["ParentInit"].Y < down.Boxes["ParentFinish"].Y)
        isTrue "right" (right.Boxes["ParentInit"].X < right.Boxes["ParentFinish"].X)
    })

testLater "a loop leaves its state and comes back to it" (fun () ->
    promise {
        let! layout = layoutOf Down parent
        let box = layout.Boxes["ParentWaitForChildren"]
        let loop = layout.Routes["ParentWaitForChildren->ParentWaitForChildren"]

        let isOnBorder (point: Point) =
            let onX = point.X = box.X || point.X = box.X + box.Width
            let onY = point.Y = box.Y || point.Y = box.Y + box.Height
            onX || onY

        isTrue "begins at the state" (isOnBorder loop.Head)
        isTrue "ends at the state" (isOnBorder (List.last loop))
        isTrue "goes around a corner" (loop.Length >= 4)
    })

test "a state is wide enough for its rules" (fun () ->
    let strict = {
        state "A" Normal [] with
            Retry = Some retry
            TimeoutSeconds = Some 90.0
    }

    isTrue "wider" (nodeWidth strict > nodeWidth (state "A" Normal [])))

testLater "the drawing is saved with every state and no raw markup of a name" (fun () ->
    promise {
        let odd =
            definition "A<B>" [ state "In & <out>" Start [ "End" ]; state "End" End [] ]

        let graph = Graph.ofDefinition odd
        let! layout = layoutOf Down odd
        let svg = Export.svg graph (Picture.ofDefinition graph) layout
        isTrue "escaped" (svg.Contains "In &amp; &lt;out&gt;" && not (svg.Contains "<out>"))
        isTrue "arrow" (svg.Contains(Route.arrow layout.Routes["In & <out>->End"]))
    })

testLater "a layout that was kept is the same when it is read again" (fun () ->
    promise {
        let! layout = layoutOf Right order
        equal (Some layout) (tryReadText (write layout))
        equal None (tryReadText "{}")
    })

test "a name in two lines makes a state higher, not wider than the others may be" (fun () ->
    let long = state "ReserveInventoryForBackorderedItemsInWarehouseNorth" Normal []
    let short = state "Ship" Normal []
    isTrue "higher" (nodeHeight long > nodeHeight short)
    isTrue "not wider" (nodeWidth long <= 288.0))

testLater "the way along the first transitions is straight" (fun () ->
    promise {
        let! layout = layoutOf Down long

        let firsts =
            long.States
            |> List.choose (fun state ->
                state.GoesTo
                |> List.tryHead
                |> Option.map (fun target -> $"{state.Name}->{target}"))

        let bent = firsts |> List.filter (fun id -> layout.Routes[id].Length > 2)
        equal [] bent
    })
