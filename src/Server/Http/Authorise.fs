namespace GopherFlow.Server

open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// Who may call a handler: `signedIn` anybody who is signed in, `changes` operators and admins, `admins` admins alone.
module Authorise =

    [<Literal>]
    let ApiKeyHeader = "X-API-Key"

    [<Literal>]
    let AntiForgeryHeader = "X-GopherFlow"

    [<Literal>]
    let AntiForgeryValue = "console"

    /// Whoever is found, once the use of their session or key is noted. A database that takes no writes just now keeps nobody out.
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
            let now = services.Clock.GetUtcNow()

            match! services.Accounts.FindApiKeyAsync(Secrets.hash key, now, http.RequestAborted) with
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
            let now = services.Clock.GetUtcNow()

            match! services.Accounts.FindSessionAsync(Secrets.hash token, now, http.RequestAborted) with
            | null -> return Error Problem.unauthenticated
            | session when not session.User.Enabled -> return Error Problem.unauthenticated
            | _ when not (isSafe http || comesFromConsole http) -> return Error Problem.missingAntiForgeryHeader
            | session -> return! found services http (Caller.ofSession session)
        }

    /// A key comes first: whoever sends one means it, and no foreign page can.
    let private identify (services: Services) (http: HttpContext) : Task<Result<Caller, Problem>> =
        match http.Request.Headers[ApiKeyHeader].ToString(), SessionCookie.read http with
        | "", None -> Task.FromResult(Error Problem.unauthenticated)
        | "", Some token -> bySession services http token
        | key, _ -> byApiKey services http key

    /// For whoever is signed in.
    let signedIn services (handle: Caller -> Handler) : Handler =
        fun http ->
            task {
                match! identify services http with
                | Ok caller -> return! handle caller http
                | Error problem -> return Refusal problem
            }

    let private inRole services (needed: Role) (handle: Caller -> Handler) : Handler =
        signedIn services (fun caller ->
            if Role.allows needed caller.Role then
                handle caller
            else
                fun _ -> Task.FromResult(Refusal(Problem.notAllowed (Role.name caller.Role) (Role.from needed))))

    /// For whoever may change workflows.
    let changes services = inRole services Role.Operator

    /// For whoever may make the server run code that they send, and whoever may change accounts.
    let admins services = inRole services Role.Admin
