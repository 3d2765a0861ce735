namespace GopherFlow.Server

open System
open GopherFlow.Contract
open Microsoft.AspNetCore.Http

/// Signing in and out, and the own account.
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
                "Signs in: the answer sets the session cookie."
                (body Requests.signIn)
                (sends<Session> "Who is signed in.")
                Sessions.signIn
            |> taking """{"username":"admin","password":"correct horse battery staple"}"""
            |> refusing [ Problem.wrongPassword; Problem.tooManyAttempts (TimeSpan.FromSeconds 30.) ]
            getAs
                "getSession"
                "/api/session"
                "Who is signed in."
                nothing
                (sends<Session> "Who is signed in.")
                Sessions.current
            openToAll
                HttpMethods.Get
                None
                "getCurrentSession"
                "/api/session/current"
                "Who is signed in, or nobody: answered with 200 either way."
                nothing
                (sends<CurrentSession> "Who is signed in, or nobody.")
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
                "How people can sign in here."
                nothing
                (sends<SignInMethods> "The ways.")
                Sessions.methods
            openToAll
                HttpMethods.Get
                None
                "startOpenIdConnect"
                OpenIdConnect.StartPath
                "Sends the browser to the OpenID Connect provider, from where it comes back signed in, or with signInProblem in the query."
                nothing
                [
                    {
                        Status = StatusCodes.Status302Found
                        Content = None
                        ContentType = None
                        Description = "To the provider."
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
                "Changes the own password. All other sessions of the user end."
                (body AccountRequests.changePassword)
                (sendsNothing "It is changed.")
                OwnAccount.changePassword
            |> taking """{"oldPassword":"correct horse battery staple","newPassword":"another long password"}"""
            |> refusing [ Problem.wrongOldPassword; Problem.tooManyPasswords ]
        ]
        |> about "Sessions"
