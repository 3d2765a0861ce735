namespace GopherFlow.Server

open System
open GopherFlow.Contract
open Microsoft.AspNetCore.Http

/// Signing in and out, and changing the own password.
module internal SessionRoutes =

    open Inputs
    open Route
    open RouteParts

    let all =
        [
            openToAll
                post
                (Some "session.signIn")
                "signIn"
                "/api/session"
                "Signs in: the response sets the session cookie."
                (body Requests.signIn)
                (sends<Session> "The signed-in user.")
                Sessions.signIn
            |> taking """{"username":"admin","password":"correct horse battery staple"}"""
            |> refusing [ Problem.wrongPassword; Problem.tooManyAttempts (TimeSpan.FromSeconds 30.) ]
            getAs
                "getSession"
                "/api/session"
                "The signed-in user."
                nothing
                (sends<Session> "The signed-in user.")
                Sessions.current
            openToAll
                HttpMethods.Get
                None
                "getCurrentSession"
                "/api/session/current"
                "The signed-in user, or none; the status is 200 in both cases."
                nothing
                (sends<CurrentSession> "The signed-in user, or none.")
                Sessions.currentOrNone
            change
                delete
                SignedIn
                "session.signOut"
                "signOut"
                "/api/session"
                "Signs out."
                nothing
                (sendsNothing "The session has ended.")
                Sessions.signOut
            openToAll
                HttpMethods.Get
                None
                "getSignInMethods"
                "/api/session/methods"
                "The sign-in methods of this server."
                nothing
                (sends<SignInMethods> "The methods.")
                Sessions.methods
            openToAll
                HttpMethods.Get
                None
                "startOpenIdConnect"
                OpenIdConnect.StartPath
                "Redirects the browser to the OpenID Connect provider. The browser returns signed in, or with signInProblem in the query."
                nothing
                [
                    {
                        Status = StatusCodes.Status302Found
                        Content = None
                        ContentType = None
                        Description = "A redirect to the provider."
                    }
                ]
                (fun _ () -> OpenIdConnect.start)
            |> refusing [ Problem.unknownRoute OpenIdConnect.StartPath ]
            change
                post
                SignedIn
                "user.password"
                "changePassword"
                "/api/session/password"
                "Changes the caller's own password. All other sessions of the user end."
                (body AccountRequests.changePassword)
                (sendsNothing "It was changed.")
                OwnAccount.changePassword
            |> taking """{"oldPassword":"correct horse battery staple","newPassword":"another long password"}"""
            |> refusing [ Problem.wrongOldPassword; Problem.tooManyPasswords ]
        ]
        |> about "Sessions"
