module GopherFlow.Client.Tests.RouteTest

open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Layout

let private points (pairs: (float * float) list) : Point list =
    pairs |> List.map (fun (x, y) -> { X = x; Y = y })

test "a straight line ends where its arrow begins" (fun () ->
    equal "M 0 0 L 0 33" (Route.line (points [ 0.0, 0.0; 0.0, 40.0 ]))
    equal "M 0 40 L 4 32 L -4 32 Z" (Route.arrow (points [ 0.0, 0.0; 0.0, 40.0 ])))

test "corners are rounded, less so where there is no room" (fun () ->
    equal "M 0 0 L 0 12 Q 0 20 8 20 L 33 20" (Route.line (points [ 0.0, 0.0; 0.0, 20.0; 40.0, 20.0 ]))

    equal "M 0 0 L 0 2 Q 0 4 2 4 L 33 4" (Route.line (points [ 0.0, 0.0; 0.0, 4.0; 40.0, 4.0 ])))

test "nothing is drawn for an empty route" (fun () ->
    equal "" (Route.line [])
    equal "" (Route.arrow (points [ 1.0, 1.0 ])))

test "a label is beside the longest segment" (fun () ->
    equal (Some { X = 12.0; Y = 50.0 }) (Route.label false (points [ 0.0, 0.0; 0.0, 100.0; 30.0, 100.0 ])))

test "the label of a loop is outside the loop" (fun () ->
    let loop = points [ 100.0, 10.0; 80.0, 10.0; 80.0, 30.0; 100.0, 30.0 ]
    equal (Some { X = 69.0; Y = 20.0 }) (Route.label true loop))
