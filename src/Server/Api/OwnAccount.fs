namespace GopherFlow.Server

open System
open System.Threading.Tasks
open GopherFlow.Contract
open GopherFlow.Storage
open Microsoft.AspNetCore.Http

/// Operations of users on their own account, and of admins on any account: sessions, keys and the own password.
module internal OwnAccount =

    /// Runs an action for the user in the path, if the caller is that user or an admin.
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

    /// Sets the user as the target of the audit entry, for routes whose action names another kind of target.
    let private aimAtUser http (id: int64) =
        Audit.aim http { Kind = "user"; Id = string id }

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
            aimAtUser http id

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

    let private faultOfRole (highest: Role) (requested: Role option) =
        requested
        |> Option.filter (fun role -> role > highest)
        |> Option.map (fun role ->
            FaultyField.create "role" (Some(Role.name role)) $"{Role.name highest} or a lower role")

    /// Checks the expiry of a requested key. `last` is the expiry of the key that makes the request, if it has one.
    let private faultOfEnd (now: DateTimeOffset) (last: DateTimeOffset option) (requested: DateTimeOffset option) =
        let faulty expected =
            let received = requested |> Option.map (fun expires -> expires.ToString "O")
            Some(FaultyField.create "expires" received expected)

        match requested, last with
        | Some expires, _ when expires <= now -> faulty "an instant in the future"
        | Some expires, Some last when expires <= last -> None
        | _, Some last -> faulty $"""an instant not after {last.ToString "O"}, the expiry of the key of this request"""
        | _, None -> None

    /// Validates a requested key: its role may not exceed that of its creator or its owner, and it may not expire later than the key of the
    /// request.
    let private faultsOf (now: DateTimeOffset) (highest: Role) (caller: Caller) (request: CreateApiKeyRequest) =
        let last =
            match caller.Credential with
            | ByApiKey key -> Option.ofNullable key.Expires
            | BySession _ -> None

        List.choose id [ faultOfRole highest request.Role; faultOfEnd now last request.Expires ]

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
            aimAtUser http id

            ofUser services caller id http (fun user ->
                task {
                    let highest = min caller.Role (Role.ofStored user.Role)

                    match faultsOf (services.Clock.GetUtcNow()) highest caller request with
                    | [] -> return! addKey services user (defaultArg request.Role highest) request http
                    | faults -> return Refusal(Problem.invalidRequest faults)
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

    /// POST /api/session/password. Attempts are throttled in the same way as sign-ins.
    let changePassword (services: Services) (caller: Caller) (request: ChangePasswordRequest) : Handler =
        fun http ->
            task {
                aimAtUser http caller.UserId

                match services.Throttle.Attempt(caller.Username, Address.sourceOf http) with
                | Error wait -> return Refusal(Problem.tooManyAttempts wait)
                | Ok attempt -> return! verifyAndSet services caller attempt request http
            }
