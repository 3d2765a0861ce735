module GopherFlow.Client.Shell.PaletteView

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Shell.Palette

let private optionId (index: int) = $"palette-{index}"

let private row (chosen: int) (run: Entry -> unit) (index: int) (entry: Entry) : ReactElement =
    let isChosen = index = chosen

    Html.li [
        prop.key $"{entry.Kind} {entry.Text}"
        prop.id (optionId index)
        prop.role "option"
        prop.className "palette-entry"
        prop.ariaSelected isChosen
        prop.onClick (fun _ -> run entry)
        prop.children [
            Html.span [ prop.className "palette-text"; prop.text entry.Text ]
            if entry.Keys <> "" then
                Keyboard.keys entry.Keys
            Html.span [ prop.className "faint"; prop.text entry.Kind ]
        ]
    ]

let private keepInSight (index: int) : unit =
    let row: obj = Browser.document?getElementById (optionId index)

    if not (isNullOrUndefined row) then
        row?scrollIntoView (createObj [ "block", box "nearest" ])

let private field (model: Model) (found: Entry list) (dispatch: Msg -> unit) (run: Entry -> unit) : ReactElement =
    let move (event: obj) by =
        event?preventDefault ()
        dispatch (Moved(by, found.Length))

    Html.input [
        prop.className "palette-field"
        prop.role "combobox"
        prop.autoFocus true
        prop.autoComplete "off"
        prop.spellcheck false
        prop.ariaLabel "Go to, or do"
        prop.custom ("aria-expanded", true)
        prop.custom ("aria-controls", "palette-list")
        if not found.IsEmpty then
            prop.custom ("aria-activedescendant", optionId model.Chosen)
        prop.placeholder "A page, a definition, a workflow id, an action…"
        prop.value model.Query
        prop.onChange (Typed >> dispatch)
        prop.onKeyDown (fun event ->
            match event?key with
            | "ArrowDown" -> move event 1
            | "ArrowUp" -> move event -1
            | "Enter" ->
                event?preventDefault ()
                found |> List.tryItem model.Chosen |> Option.iter run
            | _ -> ())
    ]

/// The content of the palette; `run` executes the chosen entry.
let view =
    React.functionComponent (
        "Palette",
        fun
            (props:
                {|
                    session: Session
                    run: Does -> unit
                |}) ->
            let definitions = Queries.useDefinitions ()

            let model, dispatch =
                Elm.useElm (fun () -> opened, []) (fun msg model -> Palette.update msg model, [])

            let names =
                definitions.Data |> Option.defaultValue [] |> List.map _.Name |> List.sort

            let found = Palette.entries props.session names |> Palette.found model.Query
            let run (entry: Entry) = props.run entry.Does
            React.useEffect ((fun () -> keepInSight model.Chosen), [| box model.Chosen |])

            Html.div [
                prop.className "palette"
                prop.children [
                    field model found dispatch run
                    Html.ul [
                        prop.id "palette-list"
                        prop.role "listbox"
                        prop.ariaLabel "Results"
                        prop.className "palette-list"
                        prop.children (found |> List.mapi (row model.Chosen run))
                    ]
                    if found.IsEmpty then
                        Html.p [
                            prop.className "palette-none"
                            prop.role "status"
                            prop.text $"Nothing matches “{model.Query.Trim()}”."
                        ]
                ]
            ]
    )
