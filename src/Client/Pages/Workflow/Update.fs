/// The update function of the page of a workflow.
module GopherFlow.Client.Pages.Workflow.Update

open GopherFlow.Contract
open GopherFlow.Client.Pages.Workflow.Model

let private go (position: Id option) (model: Model) : Model * Command list =
    { model with Position = position }, [ KeepPosition(model.Id, position) ]

let private pick (purpose: Pick) (state: string) (model: Model) : Model = {
    model with
        Picking = None
        Dialog =
            Some(
                match purpose with
                | ToMove -> Moving state
                | ToRunAgain -> RunningAgain state
            )
}

/// While a state is picked for an operation, a click picks it. Else it selects the state, and a second click clears the selection.
let private click (state: string) (model: Model) : Model =
    match model.Picking with
    | Some purpose -> pick purpose state model
    | None when model.State = Some state -> { model with State = None }
    | None -> {
        model with
            State = Some state
            Tab = History
      }

let update (message: Message) (model: Model) : Model * Command list =
    match message with
    | WentTo position -> go position { model with Playing = false }
    | PlayPressed when model.Playing -> { model with Playing = false }, []
    | PlayPressed -> { model with Playing = true }, []
    | Played _ when not model.Playing -> model, []
    | Played None -> go None { model with Playing = false }
    | Played position -> go position model
    | StateClicked state -> click state model, []
    | StateCleared -> { model with State = None }, []
    | TabChosen tab -> { model with Tab = tab; SheetUp = true }, []
    | Resized width ->
        let width = limited width
        { model with Width = width }, [ KeepWidth width ]
    | SheetTurned ->
        {
            model with
                SheetUp = not model.SheetUp
        },
        []
    | MenuTurned ->
        {
            model with
                MenuOpen = not model.MenuOpen
        },
        []
    | MenuClosed -> { model with MenuOpen = false }, []
    // The operation changes the current workflow, so show it as it is now.
    | PickBegun purpose ->
        go None {
            model with
                Picking = Some purpose
                MenuOpen = false
                Playing = false
                SheetUp = false
        }
    | PickEnded -> { model with Picking = None }, []
    | Opened dialog ->
        {
            model with
                Dialog = Some dialog
                Picking = None
                MenuOpen = false
        },
        []
    | Closed -> { model with Dialog = None }, []
    | ChildTurned id ->
        {
            model with
                Child = if model.Child = Some id then None else Some id
        },
        []
