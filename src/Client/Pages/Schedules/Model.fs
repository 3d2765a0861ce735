/// The model of the pages of schedules: the form, a confirmation, and the page of a list.
module GopherFlow.Client.Pages.Schedules.Model

open GopherFlow.Contract
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.ScheduleCalls

type Form = {
    /// The schedule as it was when the form was opened. None for a new one: then its name is a field.
    Changes: Schedule option
    Name: string
    WorkflowType: string
    /// Whether it is due by a cron expression; else at an interval.
    IsCron: bool
    Cron: string
    TimeZone: string
    Every: string
    /// The unit of the interval, in seconds.
    Unit: string
    Variables: string
    BusinessKey: string
    ExecutorGroup: string
    Priority: string
    Overlap: string
    CatchUp: string
    CatchUpLimit: string
}

type Dialog =
    | Filling of Form
    | Deleting of name: string

/// When the schedule in the form would be due.
type Preview =
    | Unknown
    | Due of Instant list
    | Faulty of string

type Model = {
    Dialog: Dialog option
    /// The number of dialogs opened so far, which is the number of the open one.
    Dialogs: int
    Busy: bool
    /// Whether saving was attempted: only then are errors shown.
    Tried: bool
    Problem: Problem option
    /// A refusal of a request that was sent before the dialog was opened.
    Late: Problem option
    /// The schedule as another user has changed it since the form was opened; nothing was saved.
    Overtaken: Schedule option
    /// The text of the last result.
    Note: string option
    Preview: Preview
    /// The timing of the preview request in flight.
    Asked: Timing option
    /// The cursors of the pages up to this one, the last first; empty on the first page.
    Cursors: string list
}

type Operation =
    | Pause
    | Resume
    | Trigger

type Outcome =
    | Saved of Schedule
    /// Not saved, because another user has changed the schedule meanwhile.
    | NotSaved of now: Schedule
    | Deleted of name: string
    | Paused of name: string
    | Resumed of name: string
    | Triggered of name: string * workflow: Id

type Msg =
    | New
    | Change of Schedule
    | Edit of Form
    | AskToDelete of name: string
    | Close
    | Submit
    | Operate of Operation * name: string
    /// The result of a request, with the number of the dialog that was open when it was sent.
    | Done of dialogs: int * Outcome
    | Refused of dialogs: int * Problem
    | Previewed of Timing * Result<Instant list, Problem>
    | Onward of cursor: string
    | Back

type Command =
    | Create of name: string * Draft
    /// Saves the schedule if nobody has changed it since `before`.
    | Save of before: Schedule * Draft
    | Delete of name: string
    | Run of Operation * name: string
    | AskPreview of Timing
    /// Fetches the data of schedules again.
    | Refresh
    /// Goes to the list.
    | Leave

let cursor (model: Model) : string option = List.tryHead model.Cursors
