/// The global keyboard shortcuts: their handler, and the sheet that lists them.
module GopherFlow.Client.Shell.Keyboard

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Shell.Model
open GopherFlow.Client.Shell.Places

let private isField (target: obj) : bool =
    not (isNullOrUndefined target?closest)
    && not (isNullOrUndefined (target?closest "input, textarea, select, [contenteditable='true']"))

let private hasModal () : bool =
    not (isNullOrUndefined (Browser.document?querySelector "dialog[open]"))

let private read (event: obj) : Press = {
    Key = event?key
    Commanding = event?ctrlKey || event?metaKey
    Typing = isField event?target
    Modal = hasModal ()
    At = Instant.now ()
}

/// Calls `pressed` for every key press that nothing else has handled. `taken` returns whether the shell handles it.
let listen (taken: Press -> bool) (pressed: Press -> unit) : System.IDisposable =
    Browser.listen Browser.window "keydown" (fun event ->
        let modifies: bool = List.contains event?key [ "Shift"; "Control"; "Alt"; "Meta" ]

        if not (event?defaultPrevented || event?altKey || event?isComposing || modifies) then
            let press = read event

            if taken press then
                event?preventDefault ()

            pressed press)

/// Focuses the search field of the page, if it has one.
let focusSearch () : unit =
    let field: obj =
        Browser.document?querySelector "main input[type='search'], main [role='search'] input"

    if not (isNullOrUndefined field) then
        field?focus ()
        field?select ()

/// Keys to press one after the other, drawn as keys.
let keys (text: string) : ReactElement =
    Html.span [
        prop.className "keys"
        prop.children [
            for key in text.Split ' ' -> Interop.element "kbd" [ prop.key key; prop.text key ]
        ]
    ]

let private isMac () : bool =
    (unbox<string> Browser.window?navigator?platform).StartsWith "Mac"

let private group (title: string) (lines: (string * string) list) : ReactElement =
    Html.section [
        prop.key title
        prop.children [
            Html.h2 title
            Html.dl [
                prop.className "shortcuts"
                prop.children [
                    for pressed, meaning in lines ->
                        Html.div [
                            prop.key meaning
                            prop.children [ Html.dt meaning; Html.dd [ keys pressed ] ]
                        ]
                ]
            ]
        ]
    ]

/// The sheet of shortcuts.
let sheet (places: Place list) (close: unit -> unit) : ReactElement =
    Html.div [
        prop.className "sheet"
        prop.children [
            group "Everywhere" [
                (if isMac () then "⌘ K" else "Ctrl K"), "Command palette"
                "/", "Search on this page"
                "?", "These shortcuts"
                "Esc", "Close the dialog or menu"
            ]
            group "Go to" [ for place in places -> $"g {place.Key}", place.Text ]
            group "In tables, tabs and menus" [
                "Tab", "Next link, field or button"
                "← →", "Next or previous tab"
                "Enter", "Open"
            ]
            Html.div [
                prop.className "form-end"
                prop.children [
                    Html.button [
                        prop.type' "button"
                        prop.className "button"
                        prop.onClick (fun _ -> close ())
                        prop.text "Close"
                    ]
                ]
            ]
        ]
    ]
