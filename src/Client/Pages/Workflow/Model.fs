/// The model of the page of a workflow: the position in the history, the selection, and what is open.
module GopherFlow.Client.Pages.Workflow.Model

open GopherFlow.Contract

/// The tabs of the drawer.
type Tab =
    | History
    | Variables
    | Signals
    | Family
    | About

/// The operation for which a state is picked on the diagram.
type Pick =
    | ToMove
    | ToRunAgain

type Dialog =
    | Retrying
    | Pausing
    | Resuming
    | Cancelling
    | Deleting
    | Placing
    | MovingVersion
    | Moving of target: string
    | RunningAgain of state: string

type Model = {
    Id: Id
    /// The entry of the history that is shown; None for now.
    Position: Id option
    Playing: bool
    /// The state that is selected on the diagram.
    State: string option
    Tab: Tab
    /// The width of the drawer in pixels.
    Width: int
    /// On narrow screens, where the drawer is a sheet: whether it is pulled up.
    SheetUp: bool
    MenuOpen: bool
    Picking: Pick option
    Dialog: Dialog option
    /// The child whose diagram is open.
    Child: Id option
}

type Message =
    | WentTo of Id option
    | PlayPressed
    /// The playback moves to this entry.
    | Played of Id option
    | StateClicked of string
    | StateCleared
    | TabChosen of Tab
    | Resized of int
    | SheetTurned
    | MenuTurned
    | MenuClosed
    | PickBegun of Pick
    | PickEnded
    | Opened of Dialog
    | Closed
    | ChildTurned of Id

/// Effects in the browser.
type Command =
    | KeepPosition of Id * Id option
    | KeepWidth of int

let least = 280
let most = 640
let usual = 320

let limited (width: int) = max least (min most width)

let begin' (id: Id) (position: Id option) (width: int option) : Model = {
    Id = id
    Position = position
    Playing = false
    State = None
    Tab = History
    Width = width |> Option.map limited |> Option.defaultValue usual
    SheetUp = false
    MenuOpen = false
    Picking = None
    Dialog = None
    Child = None
}
