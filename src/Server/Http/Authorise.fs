namespace GopherFlow.Server

open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// Who may call a route.
type Access =
    /// Also who is not signed in.
    | Anyone
    | SignedIn
    /// Operators and admins: those who may change workflows.
    | Operators
    /// Those who may have the server run their code, and may change accounts.
    | Admins

/// Finds out who calls, and whether they may: `caller`.
module internal Authorise =

    [<Literal>]
    let ApiKeyHeader = "X-API-Key"

    [<Literal>]
    let AntiForgeryHeader = "X-GopherFlow"

    [<Literal>]
    let AntiForgeryValue = "console"

    /// The caller, once the use of their session or key is noted. While the database takes no writes they are let in all the same.
    let private found (services: Services) (http: HttpContext) (caller: Caller) =
        task {
            let now = services.Clock.GetUtcNow()

            if Caller.isToNote now caller then
                try
                    match caller.Credential with
                    | BySession session ->
                        do! services.Accounts.NoteSessionUseAsync(session.Id, now, http.RequestAborted)
                    | ByApiKey key -> do! services.Accounts.NoteApiKeyUseAsync(key.Id, now, http.RequestAborted)
                with trouble when services.Store.IsTransient trouble ->
                    services.Logger.LogDebug(trouble, "The last use of a session or key could not be noted")

            Caller.keep http caller
            return Ok caller
        }

    let private byApiKey (services: Services) (http: HttpContext) (key: string) =
        task {
            match! services.ApiKeys.FindAsync(Secrets.hash key, http.RequestAborted) with
            | null -> return Error Problem.wrongApiKey
            | owner when not owner.User.Enabled -> return Error Problem.wrongApiKey
            | owner -> return! found services http (Caller.ofApiKey owner)
        }

    let private isSafe (http: HttpContext) =
        HttpMethods.IsGet http.Request.Method || HttpMethods.IsHead http.Request.Method

    let private comesFromConsole (http: HttpContext) =
        http.Request.Headers[AntiForgeryHeader].ToString() = AntiForgeryValue

    let private bySession (services: Services) (http: HttpContext) (token: string) =
        task {
            match! services.Sessions.FindAsync(Secrets.hash token, http.RequestAborted) with
            | null -> return Error Problem.unauthenticated
            | session when not session.User.Enabled -> return Error Problem.unauthenticated
            | _ when not (isSafe http || comesFromConsole http) -> return Error Problem.missingAntiForgeryHeader
            | session -> return! found services http (Caller.ofSession session)
        }

    /// A key comes first: it is sent on purpose, and no foreign page can send one.
    let private identify (services: Services) (http: HttpContext) : Task<Result<Caller, Problem>> =
        match http.Request.Headers[ApiKeyHeader].ToString(), SessionCookie.read http with
        | "", None -> Task.FromResult(Error Problem.unauthenticated)
        | "", Some token -> bySession services http token
        | key, _ -> byApiKey services http key

    let private needed access =
        match access with
        | Operators -> Role.Operator
        | Admins -> Role.Admin
        | Anyone
        | SignedIn -> Role.Viewer

    /// Who calls, if they may.
    let caller (services: Services) (access: Access) (http: HttpContext) : Task<Result<Caller, Problem>> =
        task {
            match! identify services http with
            | Ok caller when Role.allows (needed access) caller.Role -> return Ok caller
            | Ok caller -> return Error(Problem.notAllowed (Role.name caller.Role) (Role.from (needed access)))
            | Error problem -> return Error problem
        }

    /// For every signed-in user.
    let signedIn services (handle: Caller -> Handler) : Handler =
        fun http ->
            task {
                match! caller services SignedIn http with
                | Ok caller -> return! handle caller http
                | Error problem -> return Refusal problem
            }
