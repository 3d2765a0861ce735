namespace GopherFlow.Server.Tests

open Expecto
open GopherFlow.Server

/// Signs people in over HTTP.
module SignIn =

    /// Puts a user there whose password is that of the tests.
    let addUser (server: TestServer) (username: string) (role: string) (enabled: bool) =
        use file = new Microsoft.Data.Sqlite.SqliteConnection(server.ConnectionString)
        file.Open()
        use command = file.CreateCommand()

        command.CommandText <-
            "insert into users (username, password_hash, role, enabled, created) values ($name, $hash, $role, $enabled, 0)"

        command.Parameters.AddWithValue("$name", username) |> ignore

        command.Parameters.AddWithValue("$hash", Passwords().Hash(username, TestSettings.Password))
        |> ignore

        command.Parameters.AddWithValue("$role", role) |> ignore
        command.Parameters.AddWithValue("$enabled", enabled) |> ignore
        Expect.equal (command.ExecuteNonQuery()) 1 "users added"

    /// The cookie of a new session.
    let cookieFor server (username: string) =
        task {
            let body = $"""{{"username":"{username}","password":"{TestSettings.Password}"}}"""
            let! reply = Send.send server Send.asNobody "POST" "/api/session" (Send.json body)
            Expect.equal reply.Status 200 "status"
            return (reply.Header "Set-Cookie").Split(';')[0]
        }

    /// The cookie of a new user's session.
    let asNewUser server username role =
        addUser server username role true
        cookieFor server username
