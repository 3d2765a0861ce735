/// Building blocks of pages: links, status chips, buttons, facts, and the empty, loading and error states.
module GopherFlow.Client.Parts.Basics

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http

let private isPlainClick (event: obj) : bool =
    event?button = 0
    && not (event?metaKey || event?ctrlKey || event?shiftKey || event?altKey)

/// A link to a page of the console; a click with a modifier key is left to the browser.
let linkWith (page: Router.Page) (props: IReactProperty list) : ReactElement =
    Html.a [
        prop.href (Router.address page)
        prop.onClick (fun event ->
            if isPlainClick event then
                event?preventDefault ()
                Router.go page)
        yield! props
    ]

let link (page: Router.Page) (text: string) : ReactElement = linkWith page [ prop.text text ]

let workflowLink (id: Id) : ReactElement = link (Router.Workflow id) $"{id}"

/// A status with its colour and text, the same on all pages.
let statusChip (wire: string) : ReactElement =
    Html.span [
        prop.className "chip"
        prop.data ("status", wire)
        prop.text (Status.word (Status.ofWire wire))
    ]

type Emphasis =
    | Primary
    | Plain

/// A button. When it is disabled, it shows the reason on hover.
let button
    (emphasis: Emphasis)
    (icon: ReactElement)
    (text: string)
    (disabledBecause: string option)
    (act: unit -> unit)
    =
    Html.button [
        prop.type' "button"
        prop.className (
            match emphasis with
            | Primary -> "button primary"
            | Plain -> "button"
        )
        prop.disabled disabledBecause.IsSome
        match disabledBecause with
        | Some reason -> prop.title reason
        | None -> ()
        prop.onClick (fun _ -> act ())
        prop.children [ icon; Html.text text ]
    ]

/// A button that only shows its icon; its name is shown on hover and read by screen readers.
let iconButton (icon: ReactElement) (name: string) (disabled: bool) (act: unit -> unit) : ReactElement =
    Html.button [
        prop.type' "button"
        prop.className "tool"
        prop.title name
        prop.ariaLabel name
        prop.disabled disabled
        prop.onClick (fun _ -> act ())
        prop.children [ icon ]
    ]

/// A name and its value in the header of a page.
let fact (name: string) (values: ReactElement list) : ReactElement =
    Html.div [ prop.className "fact"; prop.children [ Html.dt name; Html.dd values ] ]

let textFact (name: string) (value: string) : ReactElement =
    fact name [
        if value = "" then
            Html.span [ prop.className "faint"; prop.text "none" ]
        else
            Html.span [ prop.className "value"; prop.title value; prop.text value ]
    ]

/// The empty state, with advice.
let empty (title: string) (advice: ReactElement list) : ReactElement =
    Html.div [
        prop.className "notice"
        prop.children [
            Html.strong title
            Html.div [ prop.className "advice"; prop.children advice ]
        ]
    ]

let loading (what: string) : ReactElement =
    Html.div [
        prop.className "notice loading"
        prop.role "status"
        prop.text $"Loading {what}…"
    ]

/// An error, with a button to try again.
let failure (problem: Problem) (retry: unit -> unit) : ReactElement =
    Html.div [
        prop.className "notice failure"
        prop.role "alert"
        prop.children [
            Html.strong problem.Title
            Html.div [
                prop.className "advice"
                prop.children [
                    if problem.Detail <> "" && problem.Detail <> problem.Title then
                        Html.p problem.Detail
                    Html.button [
                        prop.type' "button"
                        prop.className "button"
                        prop.onClick (fun _ -> retry ())
                        prop.text "Try again"
                    ]
                ]
            ]
        ]
    ]

/// A notice that the data could not be refreshed, and why.
let private notRefreshed (query: Query.Query<'t>) (problem: Problem) : ReactElement =
    Html.div [
        prop.className "not-refreshed"
        prop.role "status"
        prop.children [
            Icons.warning
            Html.span [
                prop.children [
                    Html.text $"Could not be refreshed: {problem.Title.TrimEnd '.'}. This was read "
                    Clock.time {| at = query.ReadAt |}
                    Html.text "."
                ]
            ]
            Html.button [
                prop.type' "button"
                prop.className "button quiet"
                prop.disabled query.Fetching
                prop.onClick (fun _ -> query.Refetch())
                prop.text "Try again"
            ]
        ]
    ]

/// Shows the data of a query, or that it is loading, or why it failed. Data stays visible while it is fetched again and when that
/// fails.
let shown (what: string) (query: Query.Query<'t>) (view: 't -> ReactElement) : ReactElement =
    match query.Data, query.Failure with
    | Some data, failure ->
        Html.fragment [
            match failure with
            | Some reason -> notRefreshed query (Problem.ofException reason)
            | None -> Html.none
            view data
        ]
    | None, Some reason -> failure (Problem.ofException reason) query.Refetch
    | None, None -> loading what
