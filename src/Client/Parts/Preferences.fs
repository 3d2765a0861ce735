/// What a person has chosen on this browser: the theme and the direction of diagrams.
module GopherFlow.Client.Parts.Preferences

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client
open GopherFlow.Client.Diagram.Layout

type Theme =
    | Light
    | Dark

let private themeKey = "gopherflow.theme"
let private directionKey = "gopherflow.diagram.direction"

let private systemTheme () =
    if Browser.window?matchMedia("(prefers-color-scheme: dark)")?matches then
        Dark
    else
        Light

let theme () : Theme =
    match Browser.Storage.tryGet themeKey with
    | Some "light" -> Light
    | Some "dark" -> Dark
    | _ -> systemTheme ()

let private word =
    function
    | Light -> "light"
    | Dark -> "dark"

/// Colours the page; a theme never chosen follows the system.
let applyTheme () : unit =
    match Browser.Storage.tryGet themeKey with
    | Some chosen -> Browser.document?documentElement?dataset?theme <- chosen
    | None -> ()

let chooseTheme (theme: Theme) : unit =
    Browser.Storage.set themeKey (word theme)
    applyTheme ()

let direction () : Direction =
    match Browser.Storage.tryGet directionKey with
    | Some "right" -> Right
    | _ -> Down

let chooseDirection (direction: Direction) : unit =
    Browser.Storage.set
        directionKey
        (match direction with
         | Down -> "down"
         | Right -> "right")
