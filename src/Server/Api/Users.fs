namespace GopherFlow.Server

open System.Threading.Tasks
open GopherFlow.Contract
open GopherFlow.Storage

/// Users, for admins: `list`, `get`, `create`, `change`, `delete`.
module internal Users =

    /// The user does not exist, or the caller may not see it.
    let unknown (id: int64) =
        Problem.notFound "id" (string id) "the id of a user"

    /// The fields of a user that the audit log records.
    let private shape (user: UserRecord) : obj = {|
        username = user.Username
        displayName = user.DisplayName
        role = user.Role
        enabled = user.Enabled
        hasPassword = not (isNull user.PasswordHash)
    |}

    let private target (id: int64) = { Kind = "user"; Id = string id }

    /// Records a change of a user for the audit log, and makes open streams check their authorization again.
    let noteChange
        (services: Services)
        http
        (before: UserRecord | null)
        (after: UserRecord | null)
        (extra: obj option)
        =
        match Option.ofObj before |> Option.orElse (Option.ofObj after) with
        | None -> ()
        | Some user ->
            services.Rights.HaveChanged user.Username

            Audit.note http {
                Target = Some(target user.Id)
                Before = before |> Option.ofObj |> Option.map shape
                After = extra |> Option.orElse (after |> Option.ofObj |> Option.map shape)
            }

    /// GET /api/users.
    let list (services: Services) (_: Caller) (page: Page) : Handler =
        fun http ->
            task {
                let search = UserSearch(page.Limit, defaultArg page.After 0L)
                let! found = services.Accounts.UsersAsync(search, http.RequestAborted)
                let users = found |> Seq.map AccountResponses.user |> List.ofSeq

                let answer: UserPage = {
                    Users = users
                    Next = Page.next page.Limit users _.Id
                }

                return Content answer
            }

    /// GET /api/users/{id}: for admins, and for users to read their own account.
    let get (services: Services) (caller: Caller) (id: int64) : Handler =
        fun http ->
            task {
                match! services.Accounts.FindUserAsync(id, http.RequestAborted) with
                | NonNull user when caller.Role = Role.Admin || caller.UserId = id ->
                    return Content(AccountResponses.user user)
                | _ -> return Refusal(unknown id)
            }

    /// The hash of an optional password. None: too many passwords are being checked.
    let private hash (services: Services) username (password: string option) http : Task<string option option> =
        task {
            match password with
            | None -> return Some None
            | Some password ->
                let! hash = services.PasswordWork.Hash(username, password, http)
                return Option.map Some hash
        }

    /// POST /api/users.
    let create (services: Services) (_: Caller) (request: CreateUserRequest) : Handler =
        fun http ->
            task {
                match! hash services request.Username request.Password http.RequestAborted with
                | None -> return Refusal Problem.tooManyPasswords
                | Some hash ->
                    let user =
                        NewUser(
                            request.Username,
                            Option.toObj hash,
                            Role.name request.Role,
                            services.Clock.GetUtcNow(),
                            DisplayName = Option.toObj request.DisplayName,
                            Enabled = request.Enabled
                        )

                    match! services.Accounts.AddUserAsync(user, http.RequestAborted) with
                    | null -> return Refusal(Problem.nameTaken request.Username)
                    | added ->
                        noteChange services http null added None
                        return Created($"/api/users/{added.Id}", AccountResponses.user added)
            }

    let private answer (services: Services) http (id: int64) (result: UserChangeResult) (extra: obj option) =
        match result.Verdict, result.Before, result.After with
        | UserVerdict.Done, before, NonNull after ->
            noteChange services http before after extra
            Content(AccountResponses.user after)
        | UserVerdict.Done, before, null ->
            noteChange services http before null None
            NoContent
        | UserVerdict.LastAdmin, _, _ -> Refusal Problem.lastAdmin
        | _ -> Refusal(unknown id)

    let private passwordChanged (request: ChangeUserRequest) (after: UserRecord | null) : obj option =
        match request.Password, after with
        | Some _, NonNull after ->
            Some {|
                username = after.Username
                displayName = after.DisplayName
                role = after.Role
                enabled = after.Enabled
                hasPassword = true
                passwordChanged = true
            |}
        | _ -> None

    /// PATCH /api/users/{id}.
    let change (services: Services) (caller: Caller) (id: int64, request: ChangeUserRequest) : Handler =
        fun http ->
            task {
                match! hash services "" request.Password http.RequestAborted with
                | None -> return Refusal Problem.tooManyPasswords
                | Some hash ->
                    let change =
                        UserChange(
                            DisplayName = Option.toObj request.DisplayName,
                            Role = (request.Role |> Option.map Role.name |> Option.toObj),
                            Enabled = Option.toNullable request.Enabled,
                            PasswordHash = Option.toObj hash,
                            // Users who change their own password stay signed in on this session.
                            KeptSessionId = Option.toNullable caller.SessionId
                        )

                    let! result = services.Accounts.ChangeUserAsync(id, change, http.RequestAborted)
                    return answer services http id result (passwordChanged request result.After)
            }

    /// DELETE /api/users/{id}.
    let delete (services: Services) (_: Caller) (id: int64) : Handler =
        fun http ->
            task {
                let! result = services.Accounts.DeleteUserAsync(id, http.RequestAborted)
                return answer services http id result None
            }
