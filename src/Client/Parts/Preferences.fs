/// What a person has chosen on this browser.
module GopherFlow.Client.Parts.Preferences

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client

type Theme =
    | Light
    | Dark

let private themeKey = "gopherflow.theme"

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
