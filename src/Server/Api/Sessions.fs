namespace GopherFlow.Server

open System
open System.Net
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// Signing in and out: `signIn`, `current`, `signOut`.
module Sessions =

    let private cookieOptions (http: HttpContext) (expires: DateTimeOffset) =
        CookieOptions(
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            Path = "/",
            Expires = expires
        )

    let private answer (user: UserRecord) expires : Answer =
        Content(
            {
                Username = user.Username
                Role = user.Role
                Expires = Some expires
            }
            : SessionAnswer
        )

    let private openSession (services: Services) (user: UserRecord) (http: HttpContext) =
        task {
            let token = Secrets.newToken ()
            let now = services.Clock.GetUtcNow()
            let expires = now + services.Settings.SessionLife
            let session = NewSession(Secrets.hash token, user, now, expires)
            let! isOpen = services.Accounts.AddSessionAsync(session, http.RequestAborted)

            if isOpen then
                http.Response.Cookies.Append(Authorise.SessionCookie, token, cookieOptions http expires)
                return answer user expires
            else
                return Refusal Problem.wrongPassword
        }

    let private comesFromThisMachine (http: HttpContext) =
        match http.Connection.RemoteIpAddress with
        | null -> false
        | address -> IPAddress.IsLoopback address

    /// The default password opens nothing outside of development, also in a database that was made in development.
    let private isBarred (services: Services) (http: HttpContext) password =
        password = Admin.DefaultPassword
        && not (services.Settings.DefaultPasswordAllowed && comesFromThisMachine http)

    let private check (services: Services) (request: SignInRequest) (http: HttpContext) =
        task {
            let! found = services.Accounts.FindUserAsync(request.Username, http.RequestAborted)

            match services.Passwords.Check(Option.ofObj found, request.Password) with
            | Some user when isBarred services http request.Password ->
                services.Logger.LogWarning(
                    "Refused the default password of {Username}: it is for development on this machine alone",
                    user.Username
                )

                return None
            | verdict -> return verdict
        }

    /// POST /api/session.
    let signIn (services: Services) (request: SignInRequest) : Handler =
        fun http ->
            task {
                match services.Throttle.Attempt request.Username with
                | Error wait -> return Refusal(Problem.tooManyAttempts wait)
                | Ok() ->
                    match! check services request http with
                    | None -> return Refusal Problem.wrongPassword
                    | Some user ->
                        services.Throttle.Succeeded request.Username
                        return! openSession services user http
            }

    /// GET /api/session.
    let current (caller: Caller) : Handler =
        fun _ ->
            Task.FromResult(
                Content(
                    {
                        Username = caller.Username
                        Role = caller.Role
                        Expires = caller.Expires
                    }
                    : SessionAnswer
                )
            )

    /// DELETE /api/session.
    let signOut (services: Services) (_: Caller) : Handler =
        fun http ->
            task {
                match http.Request.Cookies[Authorise.SessionCookie] with
                | null -> ()
                | token -> do! services.Accounts.DeleteSessionAsync(Secrets.hash token, http.RequestAborted)

                http.Response.Cookies.Delete(Authorise.SessionCookie, cookieOptions http (services.Clock.GetUtcNow()))

                return NoContent
            }
