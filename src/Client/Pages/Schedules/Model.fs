/// What is being done with schedules: the form of one, a question, and where in a list the reader is.
module GopherFlow.Client.Pages.Schedules.Model

open GopherFlow.Contract
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.ScheduleCalls

type Form = {
    /// The schedule as it was when the form was opened. None for a new one: then its name is a field.
    Changes: Schedule option
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
    /// How many dialogs were opened: the number of the one that is open.
    Dialogs: int
    Busy: bool
    /// Faults are shown after the first attempt to save.
    Tried: bool
    Problem: Problem option
    /// Why something was refused that was asked for before the dialog was opened.
    Late: Problem option
    /// The schedule as somebody else has changed it since the form was opened; nothing was saved.
    Overtaken: Schedule option
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
    /// It was not saved, for somebody else has changed it meanwhile.
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
    /// The result of a request; the number says which dialog was open when it was sent.
    | Done of dialogs: int * Outcome
    | Refused of dialogs: int * Problem
    | Previewed of Timing * Result<Instant list, Problem>
    | Onward of cursor: string
    | Back

type Command =
    | Create of name: string * Draft
    /// Saves it if it is still as it was.
    | Save of before: Schedule * Draft
    | Delete of name: string
    | Run of Operation * name: string
    | AskPreview of Timing
    /// Reads again what is shown of schedules.
    | Refresh
    /// Goes to the list.
    | Leave

let cursor (model: Model) : string option = List.tryHead model.Cursors
