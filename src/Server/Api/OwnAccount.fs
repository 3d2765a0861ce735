namespace GopherFlow.Server

open System
open System.Threading.Tasks
open GopherFlow.Contract
open GopherFlow.Storage
open Microsoft.AspNetCore.Http

/// What everybody does with their own account, and admins with any: sessions, keys, and the own password.
module internal OwnAccount =

    /// The user of the path, for themselves and for admins.
    let private ofUser
        (services: Services)
        (caller: Caller)
        (id: int64)
        (http: HttpContext)
        (act: UserRecord -> Task<Answer>)
        =
        task {
            match! services.Accounts.FindUserAsync(id, http.RequestAborted) with
            | NonNull user when caller.UserId = id || caller.Role = Role.Admin -> return! act user
            | _ -> return Refusal(Users.unknown id)
        }

    let private note http kind (id: string) before after =
        Audit.note http {
            Target = Some { Kind = kind; Id = id }
            Before = before
            After = after
        }

    // ---- Sessions ----

    /// GET /api/users/{id}/sessions.
    let sessions (services: Services) (caller: Caller) (id: int64) : Handler =
        fun http ->
            ofUser services caller id http (fun _ ->
                task {
                    let now = services.Clock.GetUtcNow()
                    let! found = services.Accounts.SessionsAsync(id, now, http.RequestAborted)
                    return Content(found |> Seq.map (AccountResponses.session caller.SessionId) |> List.ofSeq)
                })

    /// DELETE /api/users/{id}/sessions/{sessionId}.
    let endSession (services: Services) (caller: Caller) (id: int64, sessionId: int64) : Handler =
        fun http ->
            ofUser services caller id http (fun user ->
                task {
                    let! isEnded =
                        services.Accounts.DeleteSessionAsync(id, sessionId, http.RequestAborted)

                    if isEnded then
                        services.Rights.HaveChanged user.Username
                        note http "session" (string sessionId) (Some {| username = user.Username |}) None
                        return NoContent
                    else
                        return Refusal(Problem.notFound "sessionId" (string sessionId) "a session of this user")
                })

    /// DELETE /api/users/{id}/sessions: all but the one of this request.
    let endSessions (services: Services) (caller: Caller) (id: int64) : Handler =
        fun http ->
            ofUser services caller id http (fun user ->
                task {
                    let kept = Option.toNullable caller.SessionId
                    let! ended = services.Accounts.DeleteSessionsAsync(id, kept, http.RequestAborted)
                    services.Rights.HaveChanged user.Username
                    note http "user" (string id) None (Some {| ended = ended |})
                    let answer: EndedSessions = { Ended = ended }
                    return Content answer
                })

    // ---- Keys ----

    let private shape (user: UserRecord) (key: ApiKeyRecord) : obj = {|
        username = user.Username
        name = key.Name
        role = key.Role
        expires = key.Expires
    |}

    /// GET /api/users/{id}/keys.
    let keys (services: Services) (caller: Caller) (id: int64) : Handler =
        fun http ->
            ofUser services caller id http (fun _ ->
                task {
                    let! found = services.Accounts.ApiKeysAsync(id, http.RequestAborted)
                    return Content(found |> Seq.map AccountResponses.apiKey |> List.ofSeq)
                })

    /// What is wrong with a requested key. No key may do more than its creator, or than its owner.
    let private faultOf (now: DateTimeOffset) (highest: Role) (request: CreateApiKeyRequest) =
        match request.Role, request.Expires with
        | Some role, _ when role > highest ->
            Some(FaultyField.create "role" (Some(Role.name role)) $"{Role.name highest} or a lower role")
        | _, Some expires when expires <= now ->
            Some(FaultyField.create "expires" (Some(expires.ToString "O")) "an instant that is still to come")
        | _ -> None

    let private addKey (services: Services) (user: UserRecord) role (request: CreateApiKeyRequest) (http: HttpContext) =
        task {
            let key = Secrets.newApiKey ()

            let add =
                NewApiKey(
                    request.Name,
                    Secrets.hash key,
                    Secrets.beginningOf key,
                    Role.name role,
                    services.Clock.GetUtcNow(),
                    Expires = Option.toNullable request.Expires
                )

            match! services.Accounts.AddApiKeyAsync(user.Id, add, http.RequestAborted) with
            | null -> return Refusal(Users.unknown user.Id)
            | added ->
                note http "apiKey" (string added.Id) None (Some(shape user added))

                let answer: CreatedApiKey = {
                    Key = key
                    Details = AccountResponses.apiKey added
                }

                return Created($"/api/users/{user.Id}/keys/{added.Id}", answer)
        }

    /// POST /api/users/{id}/keys.
    let createKey (services: Services) (caller: Caller) (id: int64, request: CreateApiKeyRequest) : Handler =
        fun http ->
            ofUser services caller id http (fun user ->
                task {
                    let highest = min caller.Role (Role.ofStored user.Role)

                    match faultOf (services.Clock.GetUtcNow()) highest request with
                    | Some fault -> return Refusal(Problem.invalidRequest [ fault ])
                    | None -> return! addKey services user (defaultArg request.Role highest) request http
                })

    /// DELETE /api/users/{id}/keys/{keyId}.
    let revokeKey (services: Services) (caller: Caller) (id: int64, keyId: int64) : Handler =
        fun http ->
            ofUser services caller id http (fun user ->
                task {
                    let now = services.Clock.GetUtcNow()

                    match! services.Accounts.RevokeApiKeyAsync(id, keyId, now, http.RequestAborted) with
                    | null ->
                        return
                            Refusal(Problem.notFound "keyId" (string keyId) "a key of this user that is not revoked")
                    | revoked ->
                        services.Rights.HaveChanged user.Username
                        note http "apiKey" (string keyId) (Some(shape user revoked)) None
                        return NoContent
                })

    // ---- The password ----

    let private setPassword
        (services: Services)
        (caller: Caller)
        (user: UserRecord)
        (password: string)
        (http: HttpContext)
        =
        task {
            match! services.PasswordWork.Hash(user.Username, password, http.RequestAborted) with
            | None -> return Refusal Problem.tooManyPasswords
            | Some hash ->
                let change =
                    UserChange(
                        PasswordHash = hash,
                        KeptSessionId = Option.toNullable caller.SessionId,
                        Revision = Nullable user.Revision
                    )

                match! services.Accounts.ChangeUserAsync(user.Id, change, http.RequestAborted) with
                | result when result.Verdict = UserVerdict.Done ->
                    services.Rights.HaveChanged user.Username
                    note http "user" (string user.Id) None (Some {| passwordChanged = true |})
                    return NoContent
                | _ -> return Refusal Problem.wrongOldPassword
        }

    let private verifyAndSet
        (services: Services)
        (caller: Caller)
        attempt
        (request: ChangePasswordRequest)
        (http: HttpContext)
        =
        task {
            let! found = services.Accounts.FindUserAsync(caller.UserId, http.RequestAborted)
            let old = request.OldPassword

            match! services.PasswordWork.Check(attempt, Option.ofObj found, old, http.RequestAborted) with
            | None -> return Refusal Problem.tooManyPasswords
            | Some None -> return Refusal Problem.wrongOldPassword
            | Some(Some user) ->
                services.Throttle.Succeeded(attempt, user.Username, Address.sourceOf http)
                return! setPassword services caller user request.NewPassword http
        }

    /// POST /api/session/password. Guessing the old one is slowed down as signing in is.
    let changePassword (services: Services) (caller: Caller) (request: ChangePasswordRequest) : Handler =
        fun http ->
            task {
                Audit.aim http {
                    Kind = "user"
                    Id = string caller.UserId
                }

                match services.Throttle.Attempt(caller.Username, Address.sourceOf http) with
                | Error wait -> return Refusal(Problem.tooManyAttempts wait)
                | Ok attempt -> return! verifyAndSet services caller attempt request http
            }
