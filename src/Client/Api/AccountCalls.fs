/// The calls of the server's API about users, their sessions and keys, and the audit log.
module GopherFlow.Client.Api.AccountCalls

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Http

let signInMethods () : JS.Promise<SignInMethods> =
    get "sign-in methods" Json.contract<SignInMethods> "/api/session/methods"

let private usersFrom (cursor: string option) : JS.Promise<UserPage> =
    let from =
        cursor
        |> Option.map (fun next -> $"&cursor={JS.encodeURIComponent next}")
        |> Option.defaultValue ""

    get "users" Json.contract<UserPage> $"/api/users?limit=1000{from}"

/// Reads all pages.
let users () : JS.Promise<User list> =
    let rec collect (found: User list) (cursor: string option) : JS.Promise<User list> =
        promise {
            let! page = usersFrom cursor
            let found = found @ page.Users

            match page.Next with
            | Some _ -> return! collect found page.Next
            | None -> return found
        }

    collect [] None

let user (id: Id) : JS.Promise<User> =
    get "user" Json.contract<User> $"/api/users/{id}"

type NewUser = {
    Username: string
    DisplayName: string
    Role: string
    /// With None, nobody can sign in as the user until a password is set.
    Password: string option
}

let addUser (add: NewUser) : JS.Promise<User> =
    createObj [
        "username", box add.Username
        "displayName", box add.DisplayName
        "role", box add.Role
        match add.Password with
        | Some password -> "password", box password
        | None -> ()
    ]
    |> post "user" Json.contract<User> "/api/users"

/// Fields that are None are not changed.
type UserChange = {
    DisplayName: string option
    Role: string option
    Enabled: bool option
    Password: string option
}

let noChange = {
    DisplayName = None
    Role = None
    Enabled = None
    Password = None
}

let changeUser (id: Id) (change: UserChange) : JS.Promise<User> =
    let field name value =
        value |> Option.map (fun value -> name, box value) |> Option.toList

    createObj (
        field "displayName" change.DisplayName
        @ field "role" change.Role
        @ field "enabled" change.Enabled
        @ field "password" change.Password
    )
    |> patch "user" Json.contract<User> $"/api/users/{id}"

let deleteUser (id: Id) : JS.Promise<unit> = delete $"/api/users/{id}"

let sessions (user: Id) : JS.Promise<UserSession list> =
    get "sessions" (Json.list Json.contract<UserSession>) $"/api/users/{user}/sessions"

let endSession (user: Id) (session: Id) : JS.Promise<unit> =
    delete $"/api/users/{user}/sessions/{session}"

let endSessions (user: Id) : JS.Promise<EndedSessions> =
    deleteFor "ended sessions" Json.contract<EndedSessions> $"/api/users/{user}/sessions"

let keys (user: Id) : JS.Promise<ApiKey list> =
    get "keys" (Json.list Json.contract<ApiKey>) $"/api/users/{user}/keys"

type NewKey = {
    Name: string
    Role: string
    /// None for a key that never expires.
    Expires: Instant option
}

let addKey (user: Id) (add: NewKey) : JS.Promise<CreatedApiKey> =
    createObj [
        "name", box add.Name
        "role", box add.Role
        match add.Expires with
        | Some at -> "expires", box (Instant.iso at)
        | None -> ()
    ]
    |> post "key" Json.contract<CreatedApiKey> $"/api/users/{user}/keys"

let revokeKey (user: Id) (key: Id) : JS.Promise<unit> = delete $"/api/users/{user}/keys/{key}"

let changePassword (old: string) (next: string) : JS.Promise<unit> =
    createObj [ "oldPassword", box old; "newPassword", box next ]
    |> send "/api/session/password"

/// A page of the audit log. The pairs are query parameters of the API.
let auditLog (pairs: (string * string) list) : JS.Promise<AuditLogPage> =
    let query =
        pairs
        |> List.map (fun (name, value) -> $"&{name}={JS.encodeURIComponent value}")
        |> String.concat ""

    get "audit log" Json.contract<AuditLogPage> $"/api/audit?limit=50{query}"
