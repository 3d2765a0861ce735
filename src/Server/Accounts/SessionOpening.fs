namespace GopherFlow.Server

open System
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.AspNetCore.Http

/// The cookie in which a browser holds a session.
module internal SessionCookie =

    [<Literal>]
    let Name = "sessionId"

    let private options (http: HttpContext) (expires: DateTimeOffset) =
        CookieOptions(
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            Path = "/",
            Expires = expires
        )

    /// The secret that came with a request.
    let read (http: HttpContext) = Option.ofObj http.Request.Cookies[Name]

    let set (http: HttpContext) (token: string) expires =
        http.Response.Cookies.Append(Name, token, options http expires)

    let delete (http: HttpContext) now =
        http.Response.Cookies.Delete(Name, options http now)

/// Opens sessions, however somebody has shown who they are.
module internal SessionOpening =

    /// What the caller calls itself; null when it does not.
    let private agentOf (http: HttpContext) =
        match http.Request.Headers.UserAgent.ToString() with
        | "" -> null
        | agent -> agent

    /// Opens one and sets its cookie. None: the user has been changed meanwhile, and has to sign in again.
    let openFor
        (accounts: IAccountStore)
        (life: TimeSpan)
        (clock: TimeProvider)
        (user: UserRecord)
        (http: HttpContext)
        : Task<DateTimeOffset option> =
        task {
            let token = Secrets.newToken ()
            let now = clock.GetUtcNow()
            let expires = now + life

            let session =
                NewSession(
                    Secrets.hash token,
                    user,
                    now,
                    expires,
                    Address = Option.toObj (Address.text http),
                    UserAgent = agentOf http
                )

            let! isOpen = accounts.AddSessionAsync(session, http.RequestAborted)

            if isOpen then
                SessionCookie.set http token expires
                return Some expires
            else
                return None
        }
