/// The model of the pages of jobs: the page of a list, and whether the confirmation is open.
module GopherFlow.Client.Pages.Jobs.Model

type Model = {
    /// The cursors of the pages up to this one, the last first; empty on the first page.
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
