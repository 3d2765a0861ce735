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

/// Who may call a handler: `signedIn` anybody who is signed in, `changes` operators and admins, `admins` admins alone.
module Authorise =

    [<Literal>]
    let SessionCookie = "sessionId"

    [<Literal>]
    let ApiKeyHeader = "X-API-Key"

    [<Literal>]
    let AntiForgeryHeader = "X-GopherFlow"

    [<Literal>]
    let AntiForgeryValue = "console"

    let private caller (user: UserRecord) expires = {
        Username = user.Username
        Role = user.Role
        Expires = expires
    }

    let private byApiKey (services: Services) (http: HttpContext) (key: string) =
        task {
            let now = services.Clock.GetUtcNow()

            match! services.Accounts.FindApiKeyAsync(Secrets.hash key, now, http.RequestAborted) with
            | null -> return Error Problem.wrongApiKey
            | owner when not owner.User.Enabled -> return Error Problem.wrongApiKey
            | owner -> return Ok(caller owner.User None)
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
            | session -> return Ok(caller session.User (Some session.Expires))
        }

    /// A key comes first: whoever sends one means it, and no foreign page can.
    let private identify (services: Services) (http: HttpContext) : Task<Result<Caller, Problem>> =
        match http.Request.Headers[ApiKeyHeader].ToString(), Option.ofObj http.Request.Cookies[SessionCookie] with
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

    let private inRole services (roles: string list) (handle: Caller -> Handler) : Handler =
        signedIn services (fun caller ->
            if List.contains caller.Role roles then
                handle caller
            else
                fun _ -> Task.FromResult(Refusal(Problem.notAllowed caller.Role roles)))

    /// For whoever may change workflows.
    let changes services = inRole services [ "operator"; "admin" ]

    /// For whoever may make the server run code that they send.
    let admins services = inRole services [ "admin" ]
