/// How the connection to the server stands, in words.
module GopherFlow.Client.Shell.Standing

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api

/// A word for it, and more on hover.
let word (connection: TabStream.Connection) : string * string =
    match connection with
    | TabStream.Live -> "Live", "Changes appear as they happen."
    | TabStream.Connecting -> "Connecting…", "Changes do not appear by themselves yet."
    | TabStream.Lost since -> "Disconnected", $"The connection to the server was lost at {Instant.exact since}."

/// A stream that comes back within these milliseconds is not worth a banner.
let private grace = 2000.0

/// Since when what is shown may be out of date.
let lostSince (now: Instant) (connection: TabStream.Connection) : Instant option =
    match connection with
    | TabStream.Lost since when Instant.milliseconds now - Instant.milliseconds since >= grace -> Some since
    | _ -> None
