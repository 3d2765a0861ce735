module GopherFlow.Client.Tests.ViewportTest

open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Diagram.Layout
open GopherFlow.Client.Diagram.Viewport

let private frame: Frame = {
    Width = 800.0
    Height = 600.0
    Top = 50.0
    Bottom = 30.0
    Side = 10.0
    Smallest = 0.5
    Comfortable = 0.75
}

let private drawing width height : Layout = {
    Width = width
    Height = height
    Boxes = Map.empty
    Routes = Map.empty
}

let private box y : Box = {
    X = 0.0
    Y = y
    Width = 200.0
    Height = 60.0
}

test "a small drawing is centred and enlarged a little" (fun () ->
    equal { X = 340.0; Y = 250.0; Zoom = 1.2 } (whole frame (drawing 100.0 100.0)))

test "a larger drawing is scaled to fit between the toolbars" (fun () ->
    equal { X = 10.0; Y = 115.0; Zoom = 0.5 } (whole frame (drawing 1560.0 780.0)))

test "a drawing that would be too small shows its most important part" (fun () ->
    let tall = drawing 200.0 10000.0
    let viewport = best frame tall (Some(box 5000.0))
    equal 0.75 viewport.Zoom
    let middle = 5030.0 * viewport.Zoom + viewport.Y
    equal 310.0 middle)

test "no empty space is shown at the ends of a long drawing" (fun () ->
    let tall = drawing 200.0 10000.0
    equal 50.0 (best frame tall (Some(box 0.0))).Y
    equal (570.0 - 7500.0) (best frame tall (Some(box 9940.0))).Y)

test "a drawing that fits is shown as a whole" (fun () ->
    let small = drawing 200.0 400.0
    equal (whole frame small) (best frame small (Some(box 0.0))))

test "the view moves only for a state outside it" (fun () ->
    let tall = drawing 200.0 10000.0
    let here = best frame tall (Some(box 0.0))
    equal here (showing frame tall here (box 300.0))
    isTrue "it moves" (showing frame tall here (box 5000.0) <> here))

test "the details of a state depend on the zoom" (fun () ->
    equal [ Block; Name; Name; All ] (List.map detail [ 0.35; 0.36; 0.79; 0.8 ]))

test "a drawing fits when it is readable as a whole" (fun () ->
    isTrue "small" (fits frame (drawing 1000.0 800.0))
    isTrue "tall" (not (fits frame (drawing 200.0 10000.0))))
