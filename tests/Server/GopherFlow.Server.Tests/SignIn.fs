namespace GopherFlow.Server.Tests

open System.Threading
open Expecto
open GopherFlow.Storage
open GopherFlow.Server

/// Signs people in over HTTP.
module SignIn =

    /// Adds a user with the test password.
    let addUser (server: TestServer) (username: string) (role: string) (enabled: bool) =
        task {
            let hash = Passwords().Hash(username, TestSettings.Password)

            let user =
                NewUser(username, hash, role, server.Clock.GetUtcNow(), Enabled = enabled)

            let! added = server.Accounts.AddUserAsync(user, CancellationToken.None)
            Expect.isTrue ((Option.ofObj added).IsSome) "added"
        }

    /// Signs in and returns the session cookie.
    let cookieFor server (username: string) =
        task {
            let body = $"""{{"username":"{username}","password":"{TestSettings.Password}"}}"""
            let! reply = Send.send server Send.asNobody "POST" "/api/session" (Send.json body)
            Expect.equal reply.Status 200 "status"
            return (reply.Header "Set-Cookie").Split(';')[0]
        }

    /// Adds a user, signs in and returns the session cookie.
    let asNewUser server username role =
        task {
            do! addUser server username role true
            return! cookieFor server username
        }
