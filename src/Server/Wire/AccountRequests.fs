namespace GopherFlow.Server

open System
open GopherFlow.Storage

/// POST /api/users.
type CreateUserRequest = {
    Username: string
    DisplayName: string option
    /// None: the user signs in through an OpenID Connect provider, or gets a password later.
    Password: string option
    Role: Role
    Enabled: bool
}

/// PATCH /api/users/{id}. None means unchanged.
type ChangeUserRequest = {
    DisplayName: string option
    Password: string option
    Role: Role option
    Enabled: bool option
}

/// POST /api/users/{id}/keys.
type CreateApiKeyRequest = {
    Name: string
    /// None: the lower of the caller's and the owner's role.
    Role: Role option
    /// None: the key does not expire.
    Expires: DateTimeOffset option
}

/// POST /api/session/password.
type ChangePasswordRequest = {
    OldPassword: string
    NewPassword: string
}

/// Decoders for the request bodies of accounts.
module internal AccountRequests =

    open Values
    open Objects

    [<Literal>]
    let private LongestPassword = 1000

    /// A password that is long enough. Error messages never contain it.
    let private newPassword =
        let expects = $"{Settings.ShortestPassword} to {LongestPassword} characters"

        {
            secret with
                Expects = expects
                Read =
                    fun faults path element ->
                        match secret.Read faults path element with
                        | Some text when text.Length >= Settings.ShortestPassword && text.Length <= LongestPassword ->
                            Some text
                        | Some text ->
                            faults.Add(path, Some $"{text.Length} characters, not shown", expects)
                            None
                        | None -> None
        }

    let private role = Role.all |> List.map (fun role -> Role.name role, role) |> choice

    let private username =
        parsed Usernames.Expected (fun text -> if Usernames.IsValid text then Some text else None)

    /// A single line of text.
    let private line (longest: int) (shortest: int) =
        parsed $"{shortest} to {longest} characters without control characters" (fun text ->
            let trimmed = text.Trim()

            if
                trimmed.Length >= shortest
                && trimmed.Length <= longest
                && Seq.forall (Char.IsControl >> not) trimmed
            then
                Some trimmed
            else
                None)

    let private displayName = line NewUser.LongestDisplayName 0

    let createUser =
        object (
            fields {
                let! username = required "username" username
                and! displayName = optional "displayName" displayName
                and! password = optional "password" newPassword
                and! role = optional "role" role
                and! enabled = optional "enabled" flag

                return {
                    Username = username
                    DisplayName = displayName |> Option.filter (fun name -> name <> "")
                    Password = password
                    Role = defaultArg role Role.Viewer
                    Enabled = defaultArg enabled true
                }
            }
        )

    let changeUser =
        object (
            fields {
                let! displayName = optional "displayName" displayName
                and! password = optional "password" newPassword
                and! role = optional "role" role
                and! enabled = optional "enabled" flag

                return {
                    DisplayName = displayName
                    Password = password
                    Role = role
                    Enabled = enabled
                }
            }
        )

    let createApiKey =
        object (
            fields {
                let! name = required "name" (line NewApiKey.LongestName 1)
                and! role = optional "role" role
                and! expires = optional "expires" instant

                return {
                    Name = name
                    Role = role
                    Expires = expires
                }
            }
        )

    let changePassword =
        object (
            fields {
                let! oldPassword = required "oldPassword" secret
                and! password = required "newPassword" newPassword

                return {
                    OldPassword = oldPassword
                    NewPassword = password
                }
            }
        )
