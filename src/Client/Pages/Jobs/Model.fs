/// What the pages of jobs keep: where in a list the reader is, and whether a question is open.
module GopherFlow.Client.Pages.Jobs.Model

type Model = {
    /// Of the pages on the way to this one, the last first; none on the first page.
    Cursors: string list
    AsksToCancel: bool
}

type Message =
    | Onward of cursor: string
    | Back
    | AskToCancel
    | CloseQuestion

let first = { Cursors = []; AsksToCancel = false }

let cursor (model: Model) : string option = List.tryHead model.Cursors
