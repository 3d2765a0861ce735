/// The update function of the list of workflows.
module GopherFlow.Client.Pages.Workflows.Update

open Fable.Core
open GopherFlow.Client
open GopherFlow.Client.Parts.Elm
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.WorkflowFilter
open GopherFlow.Client.Pages.Workflows.Model

let init (filter: WorkflowFilter) (columns: Columns.Column list) (views: Views.View list) : Model = {
    Filter = filter
    Search = Search.init filter
    Selection = Selection.none
    Anchor = None
    Columns = columns
    Views = views
    Reading = Idle
    Bulk = None
    Dialogs = 0
}

/// Stores the dialog and runs its commands. Their results go only to this dialog.
let private keepBulk (bulk: Bulk.Bulk, commands: Bulk.Command list) (model: Model) : Model * Effect<Message> list =
    let answered (message: Bulk.Message) = Bulking(model.Dialogs, message)

    { model with Bulk = Some bulk },
    commands
    |> List.map (fun command dispatch -> Bulk.perform command (answered >> dispatch))

/// Closes the dialog. Workflows that it deletes are no longer selected.
let private closeBulk (bulk: Bulk.Bulk) (model: Model) : Model =
    if Bulk.hasDeleted bulk then
        {
            model with
                Bulk = None
                Selection = Selection.none
                Anchor = None
        }
    else
        { model with Bulk = None }

/// Changes the filter. The selection belongs to the previous filter, so it is cleared.
let private filteredBy (filter: WorkflowFilter) (model: Model) : Model =
    if filter = model.Filter then
        model
    else
        {
            model with
                Filter = filter
                Selection = Selection.none
                Anchor = None
                Reading = Idle
        }

/// The milliseconds without typing before the search runs.
let private settles = 300

let private searching (message: Search.Message) (model: Model) : Model * Effect<Message> list =
    let search, next = Search.update model.Filter message model.Search
    let model = { model with Search = search }

    match next with
    | Search.Stay -> model, []
    | Search.Push filter -> filteredBy filter model, [ Effect.ofAction (fun () -> Router.go (Router.Workflows filter)) ]
    | Search.Replace filter ->
        filteredBy filter model, [ Effect.ofAction (fun () -> Router.replace (Router.Workflows filter)) ]
    | Search.Wait typed ->
        model,
        [
            fun dispatch ->
                JS.setTimeout (fun () -> dispatch (Searching(Search.Settled typed))) settles
                |> ignore
        ]

let private keep (views: Views.View list) (model: Model) =
    { model with Views = views }, [ Effect.ofAction (fun () -> Views.save views) ]

let private read (model: Model) (fetch: WorkflowFilter -> JS.Promise<unit>) =
    let filter = model.Filter

    { model with Reading = Busy },
    [
        Effect.ofPromise (fun () -> fetch filter) (fun () -> ReadMore filter) (fun failure ->
            CouldNotRead(filter, failure))
    ]

let update (message: Message) (model: Model) : Model * Effect<Message> list =
    match message with
    | Addressed filter when filter = model.Filter -> model, []
    | Addressed filter ->
        {
            filteredBy filter model with
                Search = Search.follow filter model.Search
        },
        []
    | Searching message -> searching message model
    | Toggled(id, rows) ->
        {
            model with
                Selection = Selection.toggle rows id model.Selection
                Anchor = Some id
        },
        []
    | Extended(id, rows) ->
        {
            model with
                Selection = Selection.extend rows (defaultArg model.Anchor id) id model.Selection
                Anchor = Some id
        },
        []
    | ToggledShown rows ->
        {
            model with
                Selection = Selection.toggleShown rows model.Selection
                Anchor = None
        },
        []
    | ChoseAllMatching ->
        {
            model with
                Selection = Selection.AllMatching
        },
        []
    | ChoseNone ->
        {
            model with
                Selection = Selection.none
                Anchor = None
        },
        []
    | ChoseColumn column ->
        let columns = Columns.choose column model.Columns
        { model with Columns = columns }, [ Effect.ofAction (fun () -> Columns.save columns) ]
    | SavedView name when name.Trim() <> "" ->
        keep
            (Views.put
                {
                    Name = name.Trim()
                    Filter = model.Filter
                }
                model.Views)
            model
    | SavedView _ -> model, []
    | RemovedView name -> keep (Views.remove name model.Views) model
    | WantsMore when model.Reading = Busy -> model, []
    | WantsMore -> read model Queries.readOn
    | WantsNewest when model.Reading = Busy -> model, []
    | WantsNewest -> read model Queries.readNewest
    | ReadMore filter when filter = model.Filter -> { model with Reading = Idle }, []
    | ReadMore _ -> model, []
    | CouldNotRead(filter, failure) when filter = model.Filter ->
        {
            model with
                Reading = Broken(Problem.ofException failure)
        },
        []
    | CouldNotRead _ -> model, []
    | Asked(kind, target) ->
        keepBulk (Bulk.init kind target) {
            model with
                Dialogs = model.Dialogs + 1
        }
    | Bulking(dialog, message) ->
        match model.Bulk with
        | Some bulk when dialog = model.Dialogs -> keepBulk (Bulk.update message bulk) model
        | _ -> model, []
    | ClosedBulk ->
        match model.Bulk with
        | Some bulk -> closeBulk bulk model, []
        | None -> model, []
