/// What is being done with schedules: the form of one, a question, and where in a list the reader is.
module GopherFlow.Client.Pages.Schedules.Model

open GopherFlow.Contract
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.ScheduleCalls

type Form = {
    /// None for a new schedule: then its name is a field.
    Changes: string option
    Name: string
    WorkflowType: string
    /// Whether it is due by a cron expression; else every so often.
    IsCron: bool
    Cron: string
    TimeZone: string
    Every: string
    /// Of the interval, in seconds.
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
    Busy: bool
    /// Faults are shown after the first attempt to save.
    Tried: bool
    Problem: Problem option
    /// What was done, in words.
    Note: string option
    Preview: Preview
    /// What the preview on its way is of.
    Asked: Timing option
    /// Of the pages on the way to this one, the last first; none on the first page.
    Cursors: string list
}

type Operation =
    | Pause
    | Resume
    | Trigger

type Outcome =
    | Saved of Schedule
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
    | Done of Outcome
    | Refused of Problem
    | Previewed of Timing * Result<Instant list, Problem>
    | Onward of cursor: string
    | Back

type Command =
    | Create of name: string * Draft
    | Save of name: string * Draft
    | Delete of name: string
    | Run of Operation * name: string
    | AskPreview of Timing
    /// Reads again what is shown of schedules.
    | Refresh
    /// Goes to the list.
    | Leave

let cursor (model: Model) : string option = List.tryHead model.Cursors
