/// What the page of the list keeps.
module GopherFlow.Client.Pages.Workflows.Model

open GopherFlow.Contract
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.WorkflowFilter
open GopherFlow.Client.Pages.Workflows.Columns
open GopherFlow.Client.Pages.Workflows.Selection
open GopherFlow.Client.Pages.Workflows.Views

/// The next page of the list.
type Reading =
    | Idle
    | Busy
    | Broken of Problem

type Model = {
    Filter: WorkflowFilter
    Search: Search.Search
    Selection: Selection
    /// The row from which shift chooses a range.
    Anchor: Id option
    Columns: Column list
    Views: View list
    Reading: Reading
    Bulk: Bulk.Bulk option
    /// How many dialogs were opened: the number of the one that is open.
    Dialogs: int
}

type Message =
    /// The address has this filter.
    | Addressed of WorkflowFilter
    | Searching of Search.Message
    | Toggled of Id * rows: Workflow[]
    /// Chosen with shift: from the row that was chosen before.
    | Extended of Id * rows: Workflow[]
    | ToggledShown of rows: Workflow[]
    | ChoseAllMeant
    | ChoseNone
    | ChoseColumn of Column
    | SavedView of name: string
    | RemovedView of name: string
    | WantsMore
    | WantsNewest
    | ReadMore of WorkflowFilter
    | CouldNotRead of WorkflowFilter * exn
    | Asked of Bulk.Kind * Target
    /// To the dialog of that number, which may be closed by now.
    | Bulking of dialog: int * Bulk.Message
    | ClosedBulk
