/// The user's preferences, stored in this browser.
module GopherFlow.Client.Parts.Preferences

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client

type Theme =
    | Light
    | Dark
    /// The theme of the system.
    | System

let private themeKey = "gopherflow.theme"

let theme () : Theme =
    match Browser.Storage.tryGet themeKey with
    | Some "light" -> Light
    | Some "dark" -> Dark
    | _ -> System

let private word =
    function
    | Light -> "light"
    | Dark -> "dark"
    | System -> "system"

[<Emit("delete document.documentElement.dataset.theme")>]
let private forgetTheme () : unit = jsNative

/// Applies the chosen theme to the page.
let applyTheme () : unit =
    match theme () with
    | System -> forgetTheme ()
    | chosen -> Browser.document?documentElement?dataset?theme <- word chosen

let chooseTheme (theme: Theme) : unit =
    Browser.Storage.set themeKey (word theme)
    applyTheme ()

/// Calls `told` when another tab has chosen a theme.
let onThemeElsewhere (told: Theme -> unit) : System.IDisposable =
    Browser.listen Browser.window "storage" (fun event ->
        if event?key = themeKey then
            applyTheme ()
            told (theme ()))
