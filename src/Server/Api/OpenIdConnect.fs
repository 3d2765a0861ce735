namespace GopherFlow.Server

open System
open System.Security.Claims
open System.Text
open System.Threading.Tasks
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage
open Microsoft.AspNetCore.Authentication
open Microsoft.AspNetCore.Authentication.OpenIdConnect
open Microsoft.AspNetCore.DataProtection
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging
open Microsoft.IdentityModel.Protocols.OpenIdConnect

/// <summary>
/// Sign-in through an OpenID Connect provider: the authorization code flow with PKCE, which ends with a GopherFlow session. The browser is
/// sent back to the console; if no session was opened, with `?signInProblem=` and the reason.
/// </summary>
module internal OpenIdConnect =

    [<Literal>]
    let Scheme = "GopherFlow.OpenIdConnect"

    [<Literal>]
    let StartPath = "/api/session/oidc"

    [<Literal>]
    let CallbackPath = "/api/session/oidc/callback"

    let private home = "/"

    let private homeWith (problem: string) = $"/?signInProblem={problem}"

    let private nameOf (refusal: ExternalRefusal) =
        match refusal with
        | ExternalRefusal.NoRole -> "no-role"
        | ExternalRefusal.Disabled -> "disabled"
        | ExternalRefusal.LastAdmin -> "last-admin"

    let private values (principal: ClaimsPrincipal) (claim: string) =
        principal.FindAll claim |> Seq.map _.Value |> List.ofSeq

    /// The profile of the authenticated subject. The handler has already verified the issuer's signature.
    let private profileOf (settings: OpenIdSettings) (principal: ClaimsPrincipal) =
        match principal.FindFirst "sub" with
        | null -> None
        | subject ->
            Some {
                Identity = ExternalIdentity(subject.Issuer, subject.Value)
                Names =
                    [ "preferred_username"; "email"; "name"; "sub" ]
                    |> List.collect (values principal)
                DisplayName = values principal "name" |> List.tryHead
                RoleValues = values principal settings.RoleClaim
            }

    let private shape (user: UserRecord) : obj = {|
        username = user.Username
        role = user.Role
    |}

    let private auditOf (http: HttpContext) (actor: string) outcome before after =
        let target = { Kind = "session"; Id = "" }
        let entry = Audit.entry http actor None "session.oidc" target outcome before after

        let logger =
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger "GopherFlow.Server"

        Audit.write (http.RequestServices.GetRequiredService<AuditWriter>()) logger entry

    let private enter (http: HttpContext) (profile: ExternalProfile) (signIn: ExternalSignIn) =
        task {
            let services = http.RequestServices
            let life = services.GetRequiredService<ServerSettings>().SessionLife
            let clock = services.GetRequiredService<WorkflowOperations>().Clock
            let accounts = services.GetRequiredService<IAccountStore>()

            match! SessionOpening.openFor accounts life clock signIn.User http with
            | None -> return homeWith "try-again"
            | Some _ ->
                let before = signIn.Before |> Option.map shape

                do! auditOf http signIn.User.Username AuditOutcome.Done before (Some(shape signIn.User))

                return home
        }

    /// Processes the provider's response; returns the URL to send the browser to.
    let private receive (settings: OpenIdSettings) (http: HttpContext) (principal: ClaimsPrincipal) =
        task {
            match profileOf settings principal with
            | Some profile when profile.Identity.IsValid ->
                let services = http.RequestServices
                let now = services.GetRequiredService<WorkflowOperations>().Clock.GetUtcNow()
                let accounts = services.GetRequiredService<IAccountStore>()

                match! ExternalSignIn.run accounts settings.Roles now profile http.RequestAborted with
                | Ok signIn -> return! enter http profile signIn
                | Error refusal ->
                    let after: obj = {|
                        issuer = profile.Identity.Issuer
                        subject = profile.Identity.Subject
                        problem = nameOf refusal
                    |}

                    let name =
                        profile.Names
                        |> List.tryPick ExternalSignIn.soundName
                        |> Option.defaultValue "unknown"

                    do! auditOf http name AuditOutcome.Refused None (Some after)
                    return homeWith (nameOf refusal)
            | _ -> return homeWith "no-subject"
        }

    let private logger (http: HttpContext) =
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger "GopherFlow.Server"

    let private onTicket settings (context: TicketReceivedContext) : Task =
        task {
            let http = context.HttpContext
            context.HandleResponse()

            try
                match context.Principal with
                | null -> http.Response.Redirect(homeWith "no-subject")
                | principal ->
                    let! next = receive settings http principal
                    http.Response.Redirect next
            with failure ->
                (logger http).LogError(failure, "Signing in with the OpenID Connect provider failed")
                http.Response.Redirect(homeWith "failed")
        }

    let private onFailure (context: RemoteFailureContext) : Task =
        let http = context.HttpContext

        (logger http).LogWarning(context.Failure, "The OpenID Connect provider did not sign anybody in")
        context.HandleResponse()
        http.Response.Redirect(homeWith "provider")
        Task.CompletedTask

    let private configure (settings: OpenIdSettings) (options: OpenIdConnectOptions) =
        options.Authority <- settings.Authority.ToString()
        options.RequireHttpsMetadata <- settings.Authority.Scheme = Uri.UriSchemeHttps
        options.ClientId <- settings.ClientId
        options.ClientSecret <- Option.toObj settings.ClientSecret
        options.CallbackPath <- PathString CallbackPath
        options.ResponseType <- OpenIdConnectResponseType.Code
        // A POST would be a cross-site request, for which the browser sends only SameSite=None cookies.
        options.ResponseMode <- OpenIdConnectResponseMode.Query
        options.UsePkce <- true
        options.SaveTokens <- false
        options.MapInboundClaims <- false
        options.GetClaimsFromUserInfoEndpoint <- true
        options.TimeProvider <- TimeProvider.System
        options.Scope.Clear()
        settings.Scopes |> List.iter options.Scope.Add

        for claim in [ "preferred_username"; "email"; "name"; settings.RoleClaim ] |> List.distinct do
            options.ClaimActions.MapJsonKey(claim, claim)

        for cookie in [ options.CorrelationCookie; options.NonceCookie ] do
            cookie.SameSite <- SameSiteMode.Lax
            cookie.SecurePolicy <- CookieSecurePolicy.SameAsRequest

        options.Events.OnTicketReceived <- Func<_, _>(onTicket settings)
        options.Events.OnRemoteFailure <- Func<_, _>(onFailure)

    /// The state of a sign-in is encrypted with a key derived from the client secret, because another process may receive the response.
    let private protection (settings: OpenIdSettings) : IDataProtectionProvider =
        match settings.ClientSecret with
        | Some secret -> SettingsProtection(Encoding.UTF8.GetBytes secret)
        | None -> EphemeralDataProtectionProvider()

    /// A separate service container for the protocol, so that it does not affect the application's own authentication.
    let private services (settings: OpenIdSettings) (loggers: ILoggerFactory) =
        let services = ServiceCollection()

        services.AddSingleton(loggers).AddLogging().AddSingleton(protection settings)
        |> ignore

        services.AddAuthentication().AddOpenIdConnect(Scheme, configure settings)
        |> ignore

        services.BuildServiceProvider()

    /// Signs users in through the provider in the settings.
    [<Sealed>]
    type Flow(settings: OpenIdSettings, loggers: ILoggerFactory) =
        let services = services settings loggers

        let handle (http: HttpContext) (act: OpenIdConnectHandler -> Task) =
            task {
                use scope = services.CreateScope()

                let schemes =
                    scope.ServiceProvider.GetRequiredService<IAuthenticationSchemeProvider>()

                match! schemes.GetSchemeAsync Scheme with
                | null -> return Refusal(Problem.unknownRoute StartPath)
                | scheme ->
                    let handler = scope.ServiceProvider.GetRequiredService<OpenIdConnectHandler>()
                    do! handler.InitializeAsync(scheme, http)
                    do! act handler
                    return Written
            }

        /// Redirects the browser to the provider.
        member _.Start(http: HttpContext) =
            handle http _.ChallengeAsync(AuthenticationProperties(RedirectUri = home))

        /// Handles the redirect back from the provider.
        member _.Receive(http: HttpContext) = handle http _.HandleRequestAsync()

        interface IDisposable with
            member _.Dispose() = services.Dispose()

    let private flow (path: string) (act: Flow -> Handler) : Handler =
        fun http ->
            match http.RequestServices.GetService<Flow>() with
            | null -> Task.FromResult(Refusal(Problem.unknownRoute path))
            | flow -> act flow http

    /// GET /api/session/oidc: redirects the browser to the provider.
    let start: Handler = flow StartPath _.Start

    /// GET /api/session/oidc/callback: the redirect back from the provider.
    let callback: Handler = flow CallbackPath _.Receive

    /// Registers the provider in the settings.
    let add (settings: OpenIdSettings) (services: IServiceCollection) =
        services.AddSingleton<Flow>(fun provider -> new Flow(settings, provider.GetRequiredService<ILoggerFactory>()))
        |> ignore
