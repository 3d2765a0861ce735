namespace GopherFlow.Server

open GopherFlow.Contract

/// Users, their sessions and keys.
module internal UserRoutes =

    open Inputs
    open Route
    open RouteParts

    let private userId = pathId "id" "a user"

    let private userAnd request =
        input {
            let! id = userId
            and! request = request
            return id, request
        }

    let private noUser = Users.unknown 17L

    let all =
        [
            getAsAdmin
                "listUsers"
                "/api/users"
                "The users, by id."
                (page Page.Usual)
                (sends<UserPage> "A page.")
                Users.list
            change
                post
                Admins
                "user.create"
                "createUser"
                "/api/users"
                "Adds a user. One without a password signs in with a provider, or when an admin has set one."
                (body AccountRequests.createUser)
                (creates<User> "The user.")
                Users.create
            |> taking """{"username":"ann","password":"a long password","role":"operator"}"""
            |> refusing [ Problem.nameTaken "ann"; Problem.tooManyPasswords ]
            getAs
                "getUser"
                "/api/users/{id}"
                "One user; for admins, and for the user."
                userId
                (sends<User> "The user.")
                Users.get
            |> refusing [ noUser ]
            change
                patch
                Admins
                "user.change"
                "changeUser"
                "/api/users/{id}"
                "Changes a user. Disabling ends all sessions at once, and a new password ends them too."
                (userAnd (body AccountRequests.changeUser))
                (sends<User> "The user as it is now.")
                Users.change
            |> taking """{"role":"viewer","enabled":true}"""
            |> refusing [ noUser; Problem.lastAdmin; Problem.tooManyPasswords ]
            change
                delete
                Admins
                "user.delete"
                "deleteUser"
                "/api/users/{id}"
                "Deletes a user with all sessions and keys. The audit log and the histories keep the name."
                userId
                (sendsNothing "It is deleted.")
                Users.delete
            |> refusing [ noUser; Problem.lastAdmin ]
            getAs
                "listSessions"
                "/api/users/{id}/sessions"
                "The open sessions of a user, newest first; for admins, and for the user."
                userId
                (sends<UserSession list> "The sessions.")
                OwnAccount.sessions
            |> refusing [ noUser ]
            change
                delete
                SignedIn
                "session.endAll"
                "endSessions"
                "/api/users/{id}/sessions"
                "Ends all sessions of a user, but for the one of this request; for admins, and for the user."
                userId
                (sends<EndedSessions> "How many.")
                OwnAccount.endSessions
            |> refusing [ noUser ]
            change
                delete
                SignedIn
                "session.end"
                "endSession"
                "/api/users/{id}/sessions/{sessionId}"
                "Ends a session of a user; for admins, and for the user."
                (userAnd (pathId "sessionId" "a session"))
                (sendsNothing "It has ended.")
                OwnAccount.endSession
            |> refusing [ noUser ]
            getAs
                "listApiKeys"
                "/api/users/{id}/keys"
                "The API keys of a user, newest first; for admins, and for the user."
                userId
                (sends<ApiKey list> "The keys, without the keys themselves.")
                OwnAccount.keys
            |> refusing [ noUser ]
            change
                post
                SignedIn
                "apiKey.create"
                "createApiKey"
                "/api/users/{id}/keys"
                "Adds an API key, with a role no higher than that of whoever asks and of the user; for admins, and for the user. The key itself is in this answer alone."
                (userAnd (body AccountRequests.createApiKey))
                (creates<CreatedApiKey> "The key.")
                OwnAccount.createKey
            |> taking """{"name":"nightly import","role":"operator","expires":"2036-01-01T00:00:00Z"}"""
            |> refusing [ noUser ]
            change
                delete
                SignedIn
                "apiKey.revoke"
                "revokeApiKey"
                "/api/users/{id}/keys/{keyId}"
                "Revokes an API key; for admins, and for the user."
                (userAnd (pathId "keyId" "a key"))
                (sendsNothing "It no longer works.")
                OwnAccount.revokeKey
            |> refusing [ noUser ]
        ]
        |> about "Users"
