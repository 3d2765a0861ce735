/// The view of the search field: a combobox with chips before its text.
module GopherFlow.Client.Pages.Workflows.SearchView

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter
open GopherFlow.Client.Pages.Workflows.Search
open GopherFlow.Client.Pages.Workflows.Suggestions

let private listId = "filter-suggestions"
let private fieldId = "filter-field"

/// The value in a chip. Statuses have the same text as on all pages.
let private shownValue (term: Term) =
    match term.Field with
    | Field.Status -> tryStatus term.Value |> Option.map Status.word |> Option.defaultValue term.Value
    | _ -> term.Value

let private focusField () =
    GopherFlow.Client.Browser.document?getElementById(fieldId)?focus()

let private chip (filter: WorkflowFilter) (dispatch: Message -> unit) (term: Term) : ReactElement =
    let fault = FilterSearch.fault filter term
    let text = $"{nameOf term.Field}: {shownValue term}"

    Html.span [
        prop.key (FilterText.printTerm term)
        prop.className "term"
        prop.data ("fault", (if fault.IsSome then "true" else "false"))
        prop.children [
            Html.button [
                prop.type' "button"
                prop.className "term-text"
                prop.title "Change it"
                prop.ariaLabel $"Change {text}"
                prop.onClick (fun _ ->
                    dispatch (Edited term)
                    focusField ())
                prop.children [
                    Html.span [ prop.className "term-name"; prop.text (nameOf term.Field) ]
                    Html.span [ prop.className "term-value"; prop.text (shownValue term) ]
                ]
            ]
            match fault with
            | Some reason -> Html.span [ prop.className "term-fault"; prop.role "alert"; prop.text reason ]
            | None -> ()
            Html.button [
                prop.type' "button"
                prop.className "term-remove"
                prop.title "Remove it"
                prop.ariaLabel $"Remove {text}"
                prop.onClick (fun _ ->
                    dispatch (Removed term)
                    focusField ())
                prop.children [ Icons.cross ]
            ]
        ]
    ]

let private optionId (index: int) = $"{listId}-{index}"

let private suggestion (dispatch: Message -> unit) (marked: int option) (index: int) (offered: Suggestion) =
    Html.li [
        prop.key (string index)
        prop.id (optionId index)
        prop.role "option"
        prop.className "suggestion"
        prop.ariaSelected ((marked = Some index))
        // The field keeps the focus.
        prop.custom ("onMouseDown", (fun (event: obj) -> event?preventDefault ()))
        prop.onClick (fun _ -> dispatch (Took offered))
        prop.children [
            match offered with
            | Name field ->
                Html.span [ prop.className "suggestion-name"; prop.text $"{nameOf field}:" ]
                Html.span [ prop.className "faint"; prop.text (hint field) ]
            | Value term ->
                Html.span [ prop.className "suggestion-name"; prop.text $"{nameOf term.Field}:" ]
                Html.span (shownValue term)
        ]
    ]

let private keyOf (event: obj) : Key option =
    match event?key with
    | "Enter" -> Some Enter
    | "ArrowUp" -> Some Up
    | "ArrowDown" -> Some Down
    | "Backspace" -> Some Backspace
    | "Escape" -> Some Escape
    | _ -> None

let private field (search: Search) (placeholder: string) (offered: Suggestion list) (dispatch: Message -> unit) =
    let isOpen = search.IsOpen && not offered.IsEmpty

    Html.input [
        // Keeps the same input element when the number of chips before it changes.
        prop.key "field"
        prop.id fieldId
        prop.className "filter-field"
        prop.role "combobox"
        prop.ariaLabel "Search workflows"
        prop.custom ("aria-expanded", isOpen)
        prop.custom ("aria-controls", listId)
        prop.custom ("aria-autocomplete", "list")
        match search.Marked with
        | Some index when isOpen -> prop.custom ("aria-activedescendant", optionId index)
        | _ -> ()
        prop.placeholder placeholder
        prop.spellcheck false
        prop.autoComplete "off"
        prop.value search.Typed
        prop.onChange (Typed >> dispatch)
        prop.onClick (fun _ -> dispatch Opened)
        prop.onBlur (fun _ -> dispatch Closed)
        prop.onKeyDown (fun event ->
            match keyOf event with
            | Some Escape when not isOpen -> ()
            | Some key ->
                if key <> Backspace then
                    event?preventDefault ()

                dispatch (Pressed(key, (if search.IsOpen then offered else [])))
            | None -> ())
    ]

let view (filter: WorkflowFilter) (known: Known) (search: Search) (dispatch: Message -> unit) : ReactElement =
    let offered = offer filter known search.Typed

    let marked =
        search.Marked
        |> Option.orElse (if takesFirst search.Typed offered then Some 0 else None)

    let placeholder =
        if filter.Terms.IsEmpty then
            "Search: id, external ID, business key, or type: status: state: …"
        else
            ""

    Html.div [
        prop.className "filter-box"
        prop.role "search"
        prop.children [
            Html.div [
                prop.className "filter-line"
                prop.onClick (fun event ->
                    if event?target = event?currentTarget then
                        focusField ())
                prop.children [
                    Icons.search
                    yield! List.map (chip filter dispatch) filter.Terms
                    field search placeholder offered dispatch
                    if isNarrow filter then
                        Html.button [
                            prop.type' "button"
                            prop.className "term-remove"
                            prop.title "Clear the search"
                            prop.ariaLabel "Clear the search"
                            prop.onClick (fun _ -> dispatch Cleared)
                            prop.children [ Icons.cross ]
                        ]
                ]
            ]
            if search.IsOpen && not offered.IsEmpty then
                Html.ul [
                    prop.id listId
                    prop.role "listbox"
                    prop.ariaLabel "Suggestions"
                    prop.className "suggestions"
                    prop.children (offered |> List.mapi (suggestion dispatch marked))
                ]
        ]
    ]
