namespace GopherFlow.Server

open System
open GopherFlow.Contract
open GopherFlow.Storage

/// The audit log, for admins: `list`.
module internal AuditEntries =

    open Inputs

    /// The search parameters.
    let search =
        input {
            let! actor = queryText "actor" "the name of a user"

            and! action =
                queryText "action" "what the action begins with, such as workflow. or user.create"

            and! kind = queryText "targetKind" "the kind of a target, such as workflow"
            and! id = queryText "targetId" "the id or name of a target of that kind"
            and! from = queryInstant "from"
            and! until = queryInstant "to"
            and! page = page Page.Usual

            return
                AuditSearch(
                    page.Limit,
                    Actor = Option.toObj actor,
                    ActionPrefix = Option.toObj action,
                    TargetKind = Option.toObj kind,
                    TargetId = Option.toObj id,
                    From = Option.toNullable from,
                    To = Option.toNullable until,
                    BeforeId = Option.toNullable page.After
                )
        }

    /// GET /api/audit.
    let list (services: Services) (_: Caller) (search: AuditSearch) : Handler =
        fun http ->
            task {
                let! found = services.AuditLog.SearchAsync(search, http.RequestAborted)
                let entries = found |> Seq.map AccountResponses.auditEntry |> List.ofSeq

                let answer: AuditLogPage = {
                    Entries = entries
                    Next = Page.next search.Limit entries _.Id
                }

                return Content answer
            }
