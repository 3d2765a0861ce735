/// The list of workflows: a search whose filter is in the URL, live rows, and operations on many.
module GopherFlow.Client.Pages.Workflows.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Listing
open GopherFlow.Client.Api.WorkflowFilter
open GopherFlow.Client.Pages.Workflows.Model

/// The number of matches, as far as known.
let countText (listing: Listing) : string =
    match listing.Total, next listing with
    | Some total, _ -> Describe.plural total
    | None, None -> Describe.plural (float listing.Rows.Length)
    | None, Some _ when listing.Rows.Length = 0 -> "none so far"
    | None, Some _ -> $"more than {Describe.count (float listing.Rows.Length)}"

let private nothing (filter: WorkflowFilter) (dispatch: Message -> unit) : ReactElement =
    if isNarrow filter then
        Basics.empty "No workflow matches this search." [
            if filter.Text <> "" then
                Html.p
                    "Free text finds whole ids, external ids and business keys. For the beginning of a business key write key: and a * at its end."
            button Plain Icons.cross "Clear the search" None (fun () -> dispatch (Searching Search.Cleared))
        ]
    else
        Basics.empty "There are no workflows yet." [
            Html.p "Start one here, or create one through the API; it appears at once."
            link Router.StartChoice "Start workflow"
        ]

let private columnsMenu (model: Model) (dispatch: Message -> unit) : ReactElement =
    Dropdown.view {|
        icon = Icons.sliders
        text = "Columns"
        disabledBecause = None
        body =
            fun _ ->
                Html.fragment [
                    for column, (_, heading) in Columns.all ->
                        Dropdown.toggle
                            heading
                            (List.contains column model.Columns)
                            (column = Columns.Column.Id)
                            (fun () -> dispatch (ChoseColumn column))
                ]
    |}

let private saving =
    React.functionComponent (
        "SaveView",
        fun (props: {| save: string -> unit |}) ->
            let name, setName = React.useState ""

            Forms.form "save-view" (fun () -> props.save name) [
                Html.input [
                    prop.ariaLabel "Name of the view"
                    prop.placeholder "Name this search"
                    prop.value name
                    prop.onChange setName
                ]
                Forms.submit "Save" (name.Trim() = "")
            ]
    )

let private viewEntry (model: Model) (close: unit -> unit) (view: Views.View) : ReactElement =
    linkWith (Router.Workflows view.Filter) [
        prop.className "dropdown-entry"
        if view.Filter = model.Filter then
            prop.ariaCurrent "true"
        // Close the panel only after the click, so that the link is still there to be followed.
        prop.custom ("onClickCapture", (fun (_: obj) -> Fable.Core.JS.setTimeout close 0 |> ignore))
        prop.text view.Name
    ]

let private viewsMenu (model: Model) (dispatch: Message -> unit) : ReactElement =
    Dropdown.view {|
        icon = Icons.book
        text = "Views"
        disabledBecause = None
        body =
            fun close ->
                Html.fragment [
                    yield! List.map (viewEntry model close) Views.builtIn
                    for view in model.Views do
                        Html.div [
                            prop.key view.Name
                            prop.className "dropdown-pair"
                            prop.children [
                                viewEntry model close view
                                iconButton Icons.bin $"Delete the view {view.Name}" false (fun () ->
                                    dispatch (RemovedView view.Name))
                            ]
                        ]
                    if isNarrow model.Filter then
                        saving {|
                            save =
                                fun name ->
                                    dispatch (SavedView name)
                                    close ()
                        |}
                ]
    |}

let private bulkBar (session: Session) (listing: Listing) (model: Model) (dispatch: Message -> unit) =
    let chosen = Selection.among listing.Rows model.Selection
    let isAllMeant = model.Selection = Selection.AllMatching

    let target =
        Selection.target (Time.Instant.now ()) model.Filter listing.Rows model.Selection

    let text =
        match isAllMeant, listing.Total with
        | true, Some total -> $"All {Describe.plural total} selected"
        | true, None -> "All search results selected"
        | false, _ -> $"{Describe.count (float chosen.Length)} selected"

    let all =
        match (next listing).IsSome || chosen.Length = listing.Rows.Length, listing.Total with
        | false, _ -> None
        | true, Some total -> Some $"Select all {Describe.count total}"
        | true, None -> Some "Select all search results"

    if chosen.Length = 0 && not isAllMeant then
        Html.none
    else
        BulkBar.view {
            Text = text
            All =
                if isAllMeant then
                    None
                else
                    all |> Option.map (fun text -> text, (fun () -> dispatch ChoseAllMatching))
            DisabledBecause =
                match target with
                | _ when not (Session.mayChange session) ->
                    Some "Your role is viewer: changing workflows needs the role operator or admin."
                | Ok _ -> None
                | Result.Error reason -> Some reason
            Ask =
                fun kind ->
                    match target with
                    | Ok target -> dispatch (Asked(kind, target))
                    | Result.Error _ -> ()
            Clear = fun () -> dispatch ChoseNone
        }

let private results (session: Session) (model: Model) (dispatch: Message -> unit) (listing: Listing) : ReactElement =
    if listing.Rows.Length = 0 && (next listing).IsNone then
        nothing model.Filter dispatch
    else
        Html.fragment [
            bulkBar session listing model dispatch
            Rows.view {|
                listing = listing
                columns = model.Columns
                selection = model.Selection
                reading = model.Reading
                dispatch = dispatch
            |}
        ]

let private faulty =
    Basics.empty "This search is not valid." [ Html.p "The marked part of the search shows what is wrong." ]

let private useKnown () : Suggestions.Known =
    let definitions = Queries.useDefinitions ()
    let executors = Queries.useExecutors ()

    {
        Definitions = defaultArg definitions.Data []
        Groups =
            defaultArg executors.Data []
            |> List.filter _.Alive
            |> List.collect _.Groups
            |> List.distinct
            |> List.sort
    }

let view =
    React.functionComponent (
        "Workflows",
        fun
            (props:
                {|
                    filter: WorkflowFilter
                    session: Session
                |}) ->
            let model, dispatch =
                Elm.useElm (fun () -> Update.init props.filter (Columns.load ()) (Views.load ()), []) Update.update

            React.useEffect ((fun () -> dispatch (Addressed props.filter)), [| box (FilterText.print props.filter) |])
            let known = useKnown ()
            let query = Queries.useListing model.Filter
            let isValid = FilterSearch.isValid model.Filter

            // While the list of the previous filter is shown, no more pages of it are read.
            let shownModel =
                if query.Previous then
                    { model with Reading = Busy }
                else
                    model

            Html.div [
                prop.className "page list-page"
                prop.children [
                    Html.header [
                        prop.className "page-head"
                        prop.children [
                            Html.h1 "Workflows"
                            Html.span [
                                prop.className "count"
                                prop.role "status"
                                match query.Data with
                                | Some listing when isValid && not query.Previous -> prop.text (countText listing)
                                | _ -> ()
                            ]
                            Html.div [
                                prop.className "moves"
                                prop.children [
                                    viewsMenu model dispatch
                                    columnsMenu model dispatch
                                    linkWith Router.StartChoice [
                                        prop.className "button primary"
                                        prop.children [ Icons.play; Html.span "Start workflow" ]
                                    ]
                                ]
                            ]
                        ]
                    ]
                    SearchView.view model.Filter known model.Search (Searching >> dispatch)
                    Html.div [
                        prop.className (if query.Previous then "results stale" else "results")
                        prop.children [
                            if isValid then
                                shown "workflows" query (results props.session shownModel dispatch)
                            else
                                faulty
                        ]
                    ]
                    match model.Bulk with
                    | Some bulk ->
                        BulkView.dialog
                            known
                            bulk
                            (fun message -> dispatch (Bulking(model.Dialogs, message)))
                            (fun () -> dispatch ClosedBulk)
                    | None -> ()
                ]
            ]
    )
