/// The model of the list of workflows.
module GopherFlow.Client.Pages.Workflows.Model

open GopherFlow.Contract
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.WorkflowFilter
open GopherFlow.Client.Pages.Workflows.Columns
open GopherFlow.Client.Pages.Workflows.Selection
open GopherFlow.Client.Pages.Workflows.Views

/// The state of loading the next page.
type Reading =
    | Idle
    | Busy
    | Broken of Problem

type Model = {
    Filter: WorkflowFilter
    Search: Search.Search
    Selection: Selection
    /// The row from which a click with Shift selects a range.
    Anchor: Id option
    Columns: Column list
    Views: View list
    Reading: Reading
    Bulk: Bulk.Bulk option
    /// The number of dialogs opened so far, which is the number of the open one.
    Dialogs: int
}

type Message =
    /// The URL has this filter.
    | Addressed of WorkflowFilter
    | Searching of Search.Message
    | Toggled of Id * rows: Workflow[]
    /// A click with Shift: selects from the last selected row to this one.
    | Extended of Id * rows: Workflow[]
    | ToggledShown of rows: Workflow[]
    | ChoseAllMatching
    | ChoseNone
    | ChoseColumn of Column
    | SavedView of name: string
    | RemovedView of name: string
    | WantsMore
    | WantsNewest
    | ReadMore of WorkflowFilter
    | CouldNotRead of WorkflowFilter * exn
    | Asked of Bulk.Kind * Target
    /// For the dialog with that number, which may have been closed.
    | Bulking of dialog: int * Bulk.Message
    | ClosedBulk
