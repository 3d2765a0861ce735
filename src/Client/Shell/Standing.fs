/// The state of the connection to the server, as text.
module GopherFlow.Client.Shell.Standing

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api

/// The short text, and the text on hover.
let word (connection: TabStream.Connection) : string * string =
    match connection with
    | TabStream.Live -> "Live", "Changes appear as they happen."
    | TabStream.Connecting -> "Connecting…", "Changes do not appear automatically yet."
    | TabStream.Lost since -> "Disconnected", $"The connection to the server was lost at {Instant.exact since}."

/// A connection that is back within these milliseconds does not get a banner.
let private grace = 2000.0

/// Since when what is shown may be out of date.
let lostSince (now: Instant) (connection: TabStream.Connection) : Instant option =
    match connection with
    | TabStream.Lost since when Instant.milliseconds now - Instant.milliseconds since >= grace -> Some since
    | _ -> None
