/// What the audit log is narrowed to.
module GopherFlow.Client.Pages.Audit.Model

open GopherFlow.Client

/// The times are texts of local time, as date fields have them.
type Filter = {
    Actor: string
    /// What the action begins with.
    Action: string
    TargetKind: string
    TargetId: string
    From: string
    To: string
}

/// A place of the log: what it is narrowed to, and from where on it is shown.
type Place = {
    Filter: Filter
    Cursor: string option
}

type Model = {
    /// As it stands in the fields.
    Draft: Filter
    /// As it is shown.
    Shown: Place
}

type Msg =
    | Edit of Filter
    | Apply
    | Clear
    | Older of cursor: string
    | Newest
    /// The address is another one now.
    | Came of Place

type Command = Go of Router.Page
