namespace GopherFlow.Server

open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// Who may call a route.
type Access =
    /// Everybody, including callers that are not signed in.
    | Anyone
    | SignedIn
    /// Operators and admins: they may change workflows.
    | Operators
    /// Admins: they may deploy code to the server and change accounts.
    | Admins

/// Authenticates and authorizes callers: `caller`.
module internal Authorise =

    [<Literal>]
    let ApiKeyHeader = "X-API-Key"

    [<Literal>]
    let AntiForgeryHeader = "X-GopherFlow"

    [<Literal>]
    let AntiForgeryValue = "console"

    /// Records the use of the session or key, and returns the caller. If the database accepts no writes at the moment, the caller is let in
    /// anyway.
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
                    services.Logger.LogDebug(trouble, "The last use of a session or key could not be recorded")

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

    /// A key has precedence: it is sent explicitly, and a page of another site cannot send one.
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

    /// The caller, if it is authorized.
    let caller (services: Services) (access: Access) (http: HttpContext) : Task<Result<Caller, Problem>> =
        task {
            match! identify services http with
            | Ok caller when Role.allows (needed access) caller.Role -> return Ok caller
            | Ok caller -> return Error(Problem.notAllowed (Role.name caller.Role) (Role.from (needed access)))
            | Error problem -> return Error problem
        }

    /// Wraps a handler that is open to every signed-in user.
    let signedIn services (handle: Caller -> Handler) : Handler =
        fun http ->
            task {
                match! caller services SignedIn http with
                | Ok caller -> return! handle caller http
                | Error problem -> return Refusal problem
            }
