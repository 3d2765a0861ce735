namespace GopherFlow.Server

open System
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.AspNetCore.Http

/// Who makes a request.
type Caller = {
    Username: string
    Role: string
    /// The end of the session; None for an API key.
    Expires: DateTimeOffset option
}

/// Who may call a route.
type Access =
    /// Also who is not signed in.
    | Anyone
    | SignedIn
    /// Operators and admins: whoever may change workflows.
    | Operators
    /// Whoever may make the server run code that they send, and may change accounts.
    | Admins

/// Finds out who calls, and whether they may: `caller`.
module Authorise =

    [<Literal>]
    let SessionCookie = "sessionId"

    [<Literal>]
    let ApiKeyHeader = "X-API-Key"

    [<Literal>]
    let AntiForgeryHeader = "X-GopherFlow"

    [<Literal>]
    let AntiForgeryValue = "console"

    let private callerOf (user: UserRecord) expires = {
        Username = user.Username
        Role = user.Role
        Expires = expires
    }

    let private byApiKey (services: Services) (http: HttpContext) (key: string) =
        task {
            match! services.Accounts.FindUserByApiKeyAsync(Secrets.hash key, http.RequestAborted) with
            | null -> return Error Problem.wrongApiKey
            | user when not user.Enabled -> return Error Problem.wrongApiKey
            | user -> return Ok(callerOf user None)
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
            | session -> return Ok(callerOf session.User (Some session.Expires))
        }

    /// A key comes first: whoever sends one means it, and no foreign page can.
    let private identify (services: Services) (http: HttpContext) : Task<Result<Caller, Problem>> =
        match http.Request.Headers[ApiKeyHeader].ToString(), Option.ofObj http.Request.Cookies[SessionCookie] with
        | "", None -> Task.FromResult(Error Problem.unauthenticated)
        | "", Some token -> bySession services http token
        | key, _ -> byApiKey services http key

    let private rolesOf access =
        match access with
        | Operators -> [ "operator"; "admin" ]
        | Admins -> [ "admin" ]
        | Anyone
        | SignedIn -> [ "viewer"; "operator"; "admin" ]

    /// Who calls, if they may.
    let caller (services: Services) (access: Access) (http: HttpContext) : Task<Result<Caller, Problem>> =
        task {
            match! identify services http with
            | Ok caller when List.contains caller.Role (rolesOf access) -> return Ok caller
            | Ok caller -> return Error(Problem.notAllowed caller.Role (rolesOf access))
            | Error problem -> return Error problem
        }

    /// For whoever is signed in.
    let signedIn services (handle: Caller -> Handler) : Handler =
        fun http ->
            task {
                match! caller services SignedIn http with
                | Ok caller -> return! handle caller http
                | Error problem -> return Refusal problem
            }
