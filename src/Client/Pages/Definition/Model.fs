/// The model of the page of a definition: the selected state, and the version it is compared with.
module GopherFlow.Client.Pages.Definition.Model

type Model = {
    /// The state whose workflows are listed.
    Selected: string option
    /// The version that it is compared with.
    Compared: string option
    /// The version whose workflows are to be moved.
    Moving: string option
}

type Msg =
    | StateClicked of string
    | StateLeft
    | ComparedWith of version: string
    | ComparisonClosed
    | MoveOpened of version: string
    | MoveClosed

let initial: Model = {
    Selected = None
    Compared = None
    Moving = None
}
