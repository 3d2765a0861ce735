module GopherFlow.Server.Tests.OpenIdTests

open System
open System.Net.Http
open System.Threading
open System.Threading.Tasks
open Expecto
open GopherFlow.Server
open GopherFlow.Storage
open GopherFlow.TestSupport

let private settingsFor (provider: OpenIdProvider) = [
    "GFLOW_OIDC_AUTHORITY", provider.Authority
    "GFLOW_OIDC_CLIENT_ID", OpenIdProvider.ClientId
    "GFLOW_OIDC_CLIENT_SECRET", OpenIdProvider.ClientSecret
    "GFLOW_OIDC_ADMIN_VALUES", "flow-admins"
    "GFLOW_OIDC_OPERATOR_VALUES", "flow-operators,night-shift"
    "GFLOW_OIDC_VIEWER_VALUES", "everybody"
]

let private withBoth (test: TestServer -> OpenIdProvider -> Task<unit>) =
    fun () ->
        task {
            use! provider = OpenIdProvider.StartAsync()
            use! server = TestServer.StartAsync(settingsFor provider, ignore)
            do! test server provider
        }

/// The cookies that a response sets and does not delete, as a Cookie header.
let private cookiesOf (reply: Reply) =
    match reply.Message.Headers.TryGetValues "Set-Cookie" with
    | true, NonNull cookies ->
        cookies
        |> Seq.map (fun cookie -> cookie.Split(';')[0])
        |> Seq.filter (fun cookie -> not (cookie.EndsWith '='))
        |> String.concat "; "
    | _ -> ""

let private get (server: TestServer) (cookies: string) (path: string) =
    let mark =
        if cookies = "" then
            Send.asNobody
        else
            Send.withHeader "Cookie" cookies

    Send.send server mark "GET" path null

/// Starts a sign-in and follows the redirect to the provider. Returns the cookies and the callback path of the provider's redirect.
let private toProvider (server: TestServer) =
    task {
        let! begun = get server "" "/api/session/oidc"
        Expect.equal begun.Status 302 begun.Text

        use browser =
            new HttpClient(new SocketsHttpHandler(AllowAutoRedirect = false, UseCookies = false))

        let! response = browser.GetAsync(begun.Header "Location")
        Expect.equal (int response.StatusCode) 302 "the provider's response"

        match response.Headers.Location with
        | null -> return failtest "the provider's redirect has no Location"
        | location -> return cookiesOf begun, location.PathAndQuery
    }

/// Completes a sign-in and returns the last response.
let private signIn (server: TestServer) =
    task {
        let! cookies, back = toProvider server
        return! get server cookies back
    }

let private signedIn (server: TestServer) =
    task {
        let! reply = signIn server
        Expect.equal reply.Status 302 reply.Text
        Expect.equal (reply.Header "Location") "/" "back at the console"
        let cookie = cookiesOf reply
        let! session = get server cookie "/api/session"
        Expect.equal session.Status 200 session.Text
        return session.Json
    }

let private refused (server: TestServer) (problem: string) =
    task {
        let! reply = signIn server
        Expect.equal reply.Status 302 reply.Text
        Expect.equal (reply.Header "Location") $"/?signInProblem={problem}" "back at the console"
        Expect.stringLacks (cookiesOf reply) "sessionId" "no session"
    }

let private find (server: TestServer) (name: string) =
    task {
        let! user = server.Accounts.FindUserAsync(name, CancellationToken.None)
        return Option.ofObj user
    }

let tests =
    testList "OpenID Connect" [
        testCaseTask
            "a person with a role at the provider gets a session and an account"
            (withBoth (fun server provider ->
                task {
                    let! methods = get server "" "/api/session/methods"
                    Expect.isTrue (methods.Json?openIdConnect.GetBoolean()) "offered"

                    provider.Person <- {
                        provider.Person with
                            Roles = [ "something"; "night-shift"; "everybody" ]
                    }

                    let! session = signedIn server
                    Expect.equal (text session?username) "ann" "username"
                    Expect.equal (text session?role) "operator" "the highest role"

                    let! ann = find server "ann"
                    let ann = Option.get ann
                    Expect.equal ann.DisplayName "Ann Lee" "display name"
                    Expect.isNull ann.PasswordHash "no password"

                    match ann.External with
                    | null -> failtest "no identity"
                    | identity ->
                        Expect.equal identity.Subject "1" "subject"
                        Expect.equal identity.Issuer provider.Authority "issuer"

                    let! audit = Send.get server "/api/audit?action=session.oidc"
                    let entry = List.exactlyOne (items audit.Json?entries)
                    Expect.equal (text entry?actor) "ann" "actor"
                    Expect.equal (text entry?outcome) "done" "outcome"
                    Expect.equal (text entry?after?role) "operator" "role"

                    let body = """{"username":"ann","password":"anything at all"}"""

                    let! byPassword =
                        Send.send server Send.asNobody "POST" "/api/session" (Send.json body)

                    Expect.equal byPassword.Status 401 "no sign-in by password"
                }))

        testCaseTask
            "each sign-in updates the role of the same user from the claim"
            (withBoth (fun server provider ->
                task {
                    provider.Person <- {
                        provider.Person with
                            Roles = [ "flow-admins" ]
                    }

                    let! first = signedIn server

                    provider.Person <- {
                        provider.Person with
                            Roles = []
                            UserInfoRoles = [ "everybody" ]
                            Name = "Ann Lee-Smith"
                            Username = "ann.smith"
                    }

                    let! second = signedIn server
                    Expect.equal (text first?role, text second?role) ("admin", "viewer") "roles"
                    Expect.equal (second?userId.GetInt64()) (first?userId.GetInt64()) "one user"
                    let! ann = find server "ann"
                    Expect.equal (Option.get ann).DisplayName "Ann Lee-Smith" "display name"
                }))

        testCaseTask
            "a person without a role is refused"
            (withBoth (fun server provider ->
                task {
                    provider.Person <- {
                        provider.Person with
                            Roles = [ "Everybody"; "flow" ]
                    }

                    do! refused server "no-role"
                    let! ann = find server "ann"
                    Expect.isNone ann "no user"
                    let! audit = Send.get server "/api/audit?action=session.oidc"
                    let entry = List.exactlyOne (items audit.Json?entries)
                    Expect.equal (text entry?outcome) "refused" "outcome"
                    Expect.equal (text entry?after?problem) "no-role" "problem"
                }))

        testCaseTask
            "a disabled user is refused, and the last admin is never demoted"
            (withBoth (fun server provider ->
                task {
                    provider.Person <- {
                        provider.Person with
                            Roles = [ "flow-admins" ]
                    }

                    let! session = signedIn server
                    let id = session?userId.GetInt64()

                    let! off =
                        server.Accounts.ChangeUserAsync(id, UserChange(Enabled = false), CancellationToken.None)

                    Expect.equal off.Verdict UserVerdict.Done "disabled"
                    do! refused server "disabled"

                    let! _ =
                        server.Accounts.ChangeUserAsync(id, UserChange(Enabled = true), CancellationToken.None)

                    let! admin = find server "admin"

                    let! _ =
                        server.Accounts.DeleteUserAsync((Option.get admin).Id, CancellationToken.None)

                    provider.Person <- {
                        provider.Person with
                            Roles = [ "everybody" ]
                    }

                    do! refused server "last-admin"
                    let! ann = find server "ann"
                    Expect.equal (Option.get ann).Role "admin" "role"
                }))

        testCaseTask
            "a taken username gets a suffix, and invalid characters are replaced"
            (withBoth (fun server provider ->
                task {
                    do! SignIn.addUser server "ann" "viewer" true

                    provider.Person <- {
                        provider.Person with
                            Roles = [ "flow-admins" ]
                    }

                    let! session = signedIn server
                    Expect.equal (text session?username) "ann-2" "another name"
                    let! ann = find server "ann"
                    Expect.equal (Option.get ann).Role "viewer" "the existing user is unchanged"

                    provider.Person <- {
                        provider.Person with
                            Subject = "2"
                            Username = "job:7 \u202e"
                    }

                    let! session = signedIn server
                    Expect.equal (text session?username) "job-7--" "cleaned username"
                }))

        testCaseTask
            "a callback that this browser did not request opens no session"
            (withBoth (fun server provider ->
                task {
                    provider.Person <- {
                        provider.Person with
                            Roles = [ "everybody" ]
                    }

                    let! cookies, back = toProvider server
                    let! stolen = get server "" back
                    Expect.equal (stolen.Header "Location") "/?signInProblem=provider" "without the cookies"
                    let! forged = get server cookies $"{back}x"
                    Expect.equal (forged.Header "Location") "/?signInProblem=provider" "with another state"
                    let! good = get server cookies back
                    Expect.equal (good.Header "Location") "/" "as requested"
                    let! again = get server cookies back
                    Expect.equal (again.Header "Location") "/?signInProblem=provider" "a code used twice"
                    let! bare = get server cookies OpenIdConnect.CallbackPath
                    Expect.equal (bare.Header "Location") "/?signInProblem=provider" "without anything"
                }))

        testCaseTask "without a provider the OpenID routes are 404" (fun () ->
            task {
                use! server = TestServer.StartAsync()

                for path in [ OpenIdConnect.StartPath; OpenIdConnect.CallbackPath ] do
                    let! reply = get server "" path
                    Expect.equal reply.Status 404 path

                let! methods = get server "" "/api/session/methods"
                Expect.isFalse (methods.Json?openIdConnect.GetBoolean()) "not offered"
            })
    ]
