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
                "The audit log: changes by users and their API keys, newest first. Filters are combined with AND."
                AuditEntries.search
                (sends<AuditLogPage> "A page.")
                AuditEntries.list
        ]
        |> about "Audit"
