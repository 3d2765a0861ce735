namespace GopherFlow.Server

open System
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.AspNetCore.Http

/// The session cookie of the browser.
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

    /// The session secret of a request.
    let read (http: HttpContext) = Option.ofObj http.Request.Cookies[Name]

    let set (http: HttpContext) (token: string) expires =
        http.Response.Cookies.Append(Name, token, options http expires)

    let delete (http: HttpContext) now =
        http.Response.Cookies.Delete(Name, options http now)

/// Opens sessions, for every sign-in method.
module internal SessionOpening =

    /// The User-Agent header; null if there is none.
    let private agentOf (http: HttpContext) =
        match http.Request.Headers.UserAgent.ToString() with
        | "" -> null
        | agent -> agent

    /// Opens a session and sets its cookie. None: the user was changed in the meantime and has to sign in again.
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
