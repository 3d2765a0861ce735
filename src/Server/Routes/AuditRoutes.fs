namespace GopherFlow.Server

open GopherFlow.Contract

/// The audit log.
module internal AuditRoutes =

    open Inputs
    open Route
    open RouteParts

    let all =
        [
            getAsAdmin
                "searchAuditLog"
                "/api/audit"
                "The audit log: what people and their keys have changed, newest first. Everything that is given must hold."
                AuditEntries.search
                (sends<AuditLogPage> "A page.")
                AuditEntries.list
        ]
        |> about "Audit"
