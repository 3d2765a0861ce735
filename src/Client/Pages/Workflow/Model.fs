/// What the page of a workflow knows of itself: the position in the history, what is chosen, and what is open.
module GopherFlow.Client.Pages.Workflow.Model

open GopherFlow.Contract

/// The parts of the drawer.
type Tab =
    | History
    | Variables
    | Signals
    | Family
    | About

/// What a state of the diagram is picked for.
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
    /// The entry of the history that is shown; None for the present.
    Position: Id option
    Playing: bool
    /// The state that is chosen on the diagram.
    State: string option
    Tab: Tab
    /// The width of the drawer in pixels.
    Width: int
    /// Whether the drawer is up where it is a sheet.
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
    /// It plays, and the next entry is this.
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

/// What the browser is asked to do.
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
