/// The filter and the position of the audit log.
module GopherFlow.Client.Pages.Audit.Model

open GopherFlow.Client

/// The times are local times in the format of date fields.
type Filter = {
    Actor: string
    /// The prefix of the action.
    Action: string
    TargetKind: string
    TargetId: string
    From: string
    To: string
}

/// A filter, and the position from which the log is shown.
type Place = {
    Filter: Filter
    Cursor: string option
}

type Model = {
    /// The filter in the fields, not applied yet.
    Draft: Filter
    /// The applied filter and position.
    Shown: Place
}

type Msg =
    | Edit of Filter
    | Apply
    | Clear
    | Older of cursor: string
    | Newest
    /// The URL has changed.
    | Came of Place

type Command = Go of Router.Page
