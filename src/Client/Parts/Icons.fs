/// The console's icons: strokes on a 16 by 16 field, coloured by the text around them.
module GopherFlow.Client.Parts.Icons

open Feliz

let private stroke (path: string) : ReactElement =
    Svg.svg [
        svg.viewBox "0 0 16 16"
        svg.width 16
        svg.height 16
        svg.className "icon"
        prop.ariaHidden true
        svg.fill "none"
        svg.stroke "currentColor"
        svg.strokeWidth 1.5
        svg.strokeLinecap "round"
        svg.children [ Svg.path [ svg.d path ] ]
    ]

let list = stroke "M5 4h9M5 8h9M5 12h9M2 4h.01M2 8h.01M2 12h.01"
let flow = stroke "M5.5 3.5h5v3h-5zM2 10h4v3H2zM10 10h4v3h-4zM8 6.5V8M4 10V8h8v2"
let server = stroke "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01"

let gauge = stroke "M2.5 11.5a5.5 5.5 0 1 1 11 0M8 11.5l2.5-4"
let clock = stroke "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11zM8 5v3l2 2"
let stack = stroke "M8 2l6 3l-6 3l-6-3zM2 8l6 3l6-3M2 11l6 3l6-3"

let people =
    stroke
        "M6 7.5a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 0 0 0 4.4zM2 13c0-2.4 1.6-4 4-4s4 1.6 4 4M10.5 3.4a2 2 0 0 1 0 3.8M11.5 9.2c1.6.4 2.5 1.8 2.5 3.8"

let book = stroke "M3.5 2.5h9v11h-9zM6 5.5h4M6 8h4M6 10.5h2"
let sliders = stroke "M2.5 4.5h5M10.5 4.5h3M2.5 11.5h3M8.5 11.5h5M9 3v3M7 10v3"

let person =
    stroke "M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8zM3 13.5c0-2.8 2-4.5 5-4.5s5 1.7 5 4.5"

let key = stroke "M10.5 2.5a3 3 0 1 1-2.6 4.5L3 12v1.5h2V12h1.5v-1.5L8 9.4"
let search = stroke "M7 11.5a4.5 4.5 0 1 0 0-9a4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3"
let warning = stroke "M8 2.5l6 11H2zM8 6.5v3.5M8 12h.01"
let check = stroke "M3 8.5l3.5 3.5L13 4.5"

let signal =
    stroke "M8 8h.01M5 11a4.2 4.2 0 0 1 0-6M11 5a4.2 4.2 0 0 1 0 6M3 13a7 7 0 0 1 0-10M13 3a7 7 0 0 1 0 10"

let bin = stroke "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9M7 7v4M9 7v4"

let sun =
    stroke
        "M8 5.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5zM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1"

let moon = stroke "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z"
let leave = stroke "M6.5 2.5h-4v11h4M10 5l3 3l-3 3M13 8H6"
let zoomIn = stroke "M8 3.5v9M3.5 8h9"
let zoomOut = stroke "M3.5 8h9"
let fit = stroke "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10"

let focus =
    stroke "M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3M8 5.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5z"

let full = stroke "M9.5 6.5l4-4M10.5 2.5h3v3M6.5 9.5l-4 4M5.5 13.5h-3v-3"
let turn = stroke "M3 3v6a3 3 0 0 0 3 3h7M10.5 9.5L13 12l-2.5 2.5"
let copy = stroke "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z"
let save = stroke "M8 2.5v8M4.5 7.5L8 11l3.5-3.5M2.5 13.5h11"
let play = stroke "M4.5 3l8 5l-8 5z"
let pause = stroke "M5.5 3v10M10.5 3v10"
let stepBack = stroke "M11.5 3l-6 5l6 5zM4 3v10"
let stepForward = stroke "M4.5 3l6 5l-6 5zM12 3v10"
let forward = stroke "M3 3l5 5l-5 5M8 3l5 5l-5 5"
let script = stroke "M4 2.5h5.5L12 5v8.5H4zM6.5 7L5.5 8.5l1 1.5M9.5 7l1 1.5l-1 1.5"
let move = stroke "M2.5 8h10M9 4.5L12.5 8L9 11.5"
let cross = stroke "M4 4l8 8M12 4l-8 8"
let up = stroke "M8 13V3.5M4.5 7L8 3.5L11.5 7"

let menu = stroke "M2.5 4h11M2.5 8h11M2.5 12h11"
let screen = stroke "M2 3h12v8H2zM5.5 13.5h5M8 11v2.5"

let keyboard =
    stroke "M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M4.5 9.5h7"

let plus = stroke "M8 3v10M3 8h10"
let refresh = stroke "M13 8a5 5 0 1 1-1.5-3.5M13 2.5V5h-2.5"
let pencil = stroke "M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z"
let twist = stroke "M6 4l4 4l-4 4"
let down = stroke "M4 6l4 4l4-4"

/// The logo: states and their flow, in the shape of a gopher's two front teeth and eyes.
let mark (size: int) : ReactElement =
    Svg.svg [
        svg.viewBox "0 0 32 32"
        svg.width size
        svg.height size
        svg.className "mark"
        prop.ariaHidden true
        svg.children [
            Svg.path [
                svg.d
                    "M6.5 9.5a4 4 0 1 1 4.6-5.2a14 14 0 0 1 9.8 0a4 4 0 1 1 4.6 5.2C27.5 12 28 15 28 18.5C28 26 23 30 16 30S4 26 4 18.5C4 15 4.5 12 6.5 9.5z"
                svg.fill "#22b8cf"
            ]
            Svg.circle [ svg.cx 11.0; svg.cy 14.0; svg.r 4.2; svg.fill "#ffffff" ]
            Svg.circle [ svg.cx 21.0; svg.cy 14.0; svg.r 4.2; svg.fill "#ffffff" ]
            Svg.circle [ svg.cx 12.0; svg.cy 14.4; svg.r 1.7; svg.fill "#0b1730" ]
            Svg.circle [ svg.cx 20.0; svg.cy 14.4; svg.r 1.7; svg.fill "#0b1730" ]
            Svg.path [ svg.d "M14 19.5h4l-2 2.2z"; svg.fill "#0b1730" ]
            Svg.path [ svg.d "M13.8 22.5h2v3.6h-2zM16.2 22.5h2v3.6h-2z"; svg.fill "#ffffff" ]
        ]
    ]
