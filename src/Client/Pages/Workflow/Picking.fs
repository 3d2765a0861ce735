/// Picking a state for an operation.
module GopherFlow.Client.Pages.Workflow.Picking

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Pages.Workflow.Model

/// The pressed button disappears, so the focus returns to the menu button.
let private leave () : unit =
    let menu: obj = Browser.document?querySelector "[aria-haspopup=menu]"

    if not (isNullOrUndefined menu) then
        menu?focus ()

/// Shown while a state is picked: for which operation, and the possible states as buttons for those who do not use the diagram.
let view
    (purpose: Pick)
    (workflow: Workflow)
    (definition: Definition option)
    (dispatch: Message -> unit)
    : ReactElement =
    let states =
        definition
        |> Option.map (fun definition -> definition.States |> List.map _.Name)
        |> Option.defaultValue []

    let mayBePicked (state: string) =
        purpose = ToRunAgain
        || Choices.target workflow definition state <> Choices.Present

    let kind (state: string) =
        match purpose, Choices.target workflow definition state with
        | ToRunAgain, _ -> "free"
        | ToMove, Choices.Declared -> "declared"
        | ToMove, Choices.Forced -> "forced"
        | ToMove, _ -> "free"

    Html.div [
        prop.className "picking"
        prop.role "group"
        prop.ariaLabel "Pick a state"
        prop.testId "picking"
        prop.onKeyDown (fun event ->
            if event?key = "Escape" then
                leave ()
                dispatch PickEnded)
        prop.children [
            Html.p [
                prop.children [
                    Html.strong (
                        match purpose with
                        | ToMove -> "Move it to which state?"
                        | ToRunAgain -> "Run again from which state?"
                    )
                    Html.text " Click it on the diagram, or here:"
                ]
            ]
            Html.div [
                prop.className "row"
                prop.children [
                    for state in List.filter mayBePicked states ->
                        Html.button [
                            prop.key state
                            prop.type' "button"
                            prop.className "pill"
                            prop.data ("kind", kind state)
                            prop.title (
                                match kind state with
                                | "declared" -> "The definition has this transition."
                                | "forced" -> "The definition does not have this transition: the move has to be forced."
                                | _ -> "The definition does not have this transition; you can move it there anyway."
                            )
                            prop.onClick (fun _ ->
                                leave ()
                                dispatch (StateClicked state))
                            prop.text (if kind state = "forced" then $"{state} (forced)" else state)
                        ]
                ]
            ]
            iconButton Icons.cross "Pick none" false (fun () ->
                leave ()
                dispatch PickEnded)
        ]
    ]
