namespace GopherFlow.Server

open System.Net
open System.Threading.Tasks
open GopherFlow.Contract
open GopherFlow.Rules
open GopherFlow.Storage
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// Signing in and out: `signIn`, `current`, `signOut`.
module internal Sessions =

    let private answer (user: UserRecord) expires : Answer =
        Content(
            {
                Username = user.Username
                Role = user.Role
                Expires = Some expires
                UserId = user.Id
            }
            : Session
        )

    let private target = { Kind = "session"; Id = "" }

    let private enter (services: Services) (user: UserRecord) (http: HttpContext) =
        task {
            match! SessionOpening.openFor services.Accounts services.Settings.SessionLife services.Clock user http with
            | None -> return Refusal Problem.wrongPassword
            | Some expires ->
                do!
                    Audit.entry http user.Username None "session.signIn" target AuditOutcome.Done None None
                    |> Audit.write services.AuditWriter services.Logger

                return answer user expires
        }

    /// Records a refused sign-in. An unknown name is not recorded: it may be a password that was typed into the wrong field.
    let private refused (services: Services) (found: UserRecord option) (http: HttpContext) =
        task {
            let name = found |> Option.map _.Username |> Option.defaultValue "unknown"

            do!
                Audit.entry http name None "session.refused" target AuditOutcome.Refused None None
                |> Audit.write services.AuditWriter services.Logger

            return Refusal Problem.wrongPassword
        }

    let private comesFromThisMachine (http: HttpContext) =
        match http.Connection.RemoteIpAddress with
        | null -> false
        | address -> IPAddress.IsLoopback address

    /// The default password is rejected outside of development, even if the database was created in development.
    let private isBarred (services: Services) (http: HttpContext) password =
        password = Admin.DefaultPassword
        && not (services.Settings.DefaultPasswordAllowed && comesFromThisMachine http)

    let private isRight (services: Services) (http: HttpContext) (user: UserRecord option) (password: string) =
        match user with
        | Some user when isBarred services http password ->
            services.Logger.LogWarning(
                "Refused the default password of {Username}: it is only for development on this machine",
                user.Username
            )

            None
        | verdict -> verdict

    let private check (services: Services) (request: SignInRequest) attempt (http: HttpContext) =
        task {
            let! found = services.Accounts.FindUserAsync(request.Username, http.RequestAborted)
            let found = Option.ofObj found

            match! services.PasswordWork.Check(attempt, found, request.Password, http.RequestAborted) with
            | None -> return Refusal Problem.tooManyPasswords
            | Some verdict ->
                match isRight services http verdict request.Password with
                | None -> return! refused services found http
                | Some user ->
                    services.Throttle.Succeeded(attempt, request.Username, Address.sourceOf http)
                    return! enter services user http
        }

    /// POST /api/session.
    let signIn (services: Services) (request: SignInRequest) : Handler =
        fun http ->
            task {
                match services.Throttle.Attempt(request.Username, Address.sourceOf http) with
                | Error wait -> return Refusal(Problem.tooManyAttempts wait)
                | Ok attempt -> return! check services request attempt http
            }

    /// GET /api/session/methods.
    let methods (services: Services) () : Handler =
        fun _ ->
            let methods: SignInMethods = {
                Password = true
                OpenIdConnect = services.Settings.OpenId.IsSome
            }

            Task.FromResult(Content methods)

    let private ofCaller (caller: Caller) : Session = {
        Username = caller.Username
        Role = Role.name caller.Role
        Expires = caller.Expires
        UserId = caller.UserId
    }

    /// GET /api/session.
    let current (_: Services) (caller: Caller) () : Handler =
        fun _ -> Task.FromResult(Content(ofCaller caller))

    /// GET /api/session/current. Never returns 401, because browsers log every 401 in their console.
    let currentOrNone (services: Services) () : Handler =
        fun http ->
            task {
                let! caller = Authorise.caller services SignedIn http

                return
                    Content {
                        Session = caller |> Result.toOption |> Option.map ofCaller
                    }
            }

    /// DELETE /api/session.
    let signOut (services: Services) (caller: Caller) () : Handler =
        fun http ->
            task {
                caller.SessionId
                |> Option.iter (fun id -> Audit.aim http { Kind = "session"; Id = string id })

                match SessionCookie.read http with
                | None -> ()
                | Some token ->
                    do! services.Accounts.DeleteSessionAsync(Secrets.hash token, http.RequestAborted)
                    services.Rights.HaveChanged caller.Username

                SessionCookie.delete http (services.Clock.GetUtcNow())

                return NoContent
            }
