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
                "The users, ordered by id."
                (page Page.Usual)
                (sends<UserPage> "A page.")
                Users.list
            change
                post
                Admins
                "user.create"
                "createUser"
                "/api/users"
                "Creates a user. A user without a password can sign in through an OpenID Connect provider, or after an admin has set a password."
                (body AccountRequests.createUser)
                (creates<User> "The user.")
                Users.create
            |> taking """{"username":"ann","password":"a long password","role":"operator"}"""
            |> refusing [ Problem.nameTaken "ann"; Problem.tooManyPasswords ]
            getAs
                "getUser"
                "/api/users/{id}"
                "One user. For admins and the user."
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
                "Changes a user. Disabling a user ends all their sessions at once. A new password ends them too, except the session of this request."
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
                "Deletes a user with all sessions and keys. The name remains in the audit log and in histories."
                userId
                (sendsNothing "It was deleted.")
                Users.delete
            |> refusing [ noUser; Problem.lastAdmin ]
            getAs
                "listSessions"
                "/api/users/{id}/sessions"
                "The open sessions of a user, newest first. For admins and the user."
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
                "Ends all sessions of a user except the one of this request. For admins and the user."
                userId
                (sends<EndedSessions> "The number of ended sessions.")
                OwnAccount.endSessions
            |> refusing [ noUser ]
            change
                delete
                SignedIn
                "session.end"
                "endSession"
                "/api/users/{id}/sessions/{sessionId}"
                "Ends a session of a user. For admins and the user."
                (userAnd (pathId "sessionId" "a session"))
                (sendsNothing "It was ended.")
                OwnAccount.endSession
            |> refusing [ noUser ]
            getAs
                "listApiKeys"
                "/api/users/{id}/keys"
                "The API keys of a user, newest first. For admins and the user."
                userId
                (sends<ApiKey list> "The keys, without their secrets.")
                OwnAccount.keys
            |> refusing [ noUser ]
            change
                post
                SignedIn
                "apiKey.create"
                "createApiKey"
                "/api/users/{id}/keys"
                "Creates an API key, with a role no higher than that of the caller and that of the user. For admins and the user. The key itself is returned only in this response."
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
                "Revokes an API key. For admins and the user."
                (userAnd (pathId "keyId" "a key"))
                (sendsNothing "It no longer works.")
                OwnAccount.revokeKey
            |> refusing [ noUser ]
        ]
        |> about "Users"
