namespace GopherFlow.Server

open System
open System.Threading
open System.Threading.Tasks
open GopherFlow.Storage

/// What a provider says of somebody.
type ExternalProfile = {
    Identity: ExternalIdentity
    /// Names that the user might have here, the best first.
    Names: string list
    DisplayName: string option
    /// The values of the claim that tells roles.
    RoleValues: string list
}

/// Why a user that the provider has signed in is not let in.
[<RequireQualifiedAccess>]
type ExternalRefusal =
    /// No value of the claim stands for a role.
    | NoRole
    | Disabled
    /// The claim gives the last enabled admin a lower role.
    | LastAdmin

/// What a sign-in by a provider has done.
type ExternalSignIn = {
    User: UserRecord
    /// The user as it was; None when it was made.
    Before: UserRecord option
}

/// Makes and updates users by what a provider says of them at each sign-in.
module internal ExternalSignIn =

    /// The highest role that one of the values stands for.
    let roleOf (roles: (Role * string list) list) (values: string list) =
        roles
        |> List.filter (fun (_, ofRole) -> ofRole |> List.exists (fun value -> List.contains value values))
        |> List.map fst
        |> List.sortDescending
        |> List.tryHead

    [<Literal>]
    let private LongestName = 90

    /// A name that a user may have, as close to the provider's as can be.
    let soundName (name: string) =
        let kept =
            name
            |> String.map (fun character ->
                if Char.IsLetterOrDigit character || "._-@+".Contains character then
                    character
                else
                    '-')

        let kept = kept.TrimStart("._-@+".ToCharArray())
        let kept = kept.Substring(0, min LongestName kept.Length)
        if Usernames.IsSound kept then Some kept else None

    /// The first names that are tried; a number makes the last one differ from others'.
    let private candidates (profile: ExternalProfile) =
        let name = profile.Names |> List.tryPick soundName |> Option.defaultValue "user"

        Seq.append [ name ] (Seq.initInfinite (fun index -> $"{name}-{index + 2}"))

    let rec private add
        (accounts: IAccountStore)
        (profile: ExternalProfile)
        role
        now
        names
        (cancellation: CancellationToken)
        =
        task {
            let user =
                NewUser(
                    Seq.head names,
                    null,
                    Role.name role,
                    now,
                    External = profile.Identity,
                    DisplayName = Option.toObj profile.DisplayName
                )

            match! accounts.AddUserAsync(user, cancellation) with
            | null ->
                // The name is another's, or the same person signs in twice at once.
                match! accounts.FindUserAsync(profile.Identity, cancellation) with
                | null -> return! add accounts profile role now (Seq.tail names) cancellation
                | user -> return user
            | added -> return added
        }

    let private update
        (accounts: IAccountStore)
        (profile: ExternalProfile)
        role
        (user: UserRecord)
        (cancellation: CancellationToken)
        =
        task {
            let displayName = Option.toObj profile.DisplayName

            if
                user.Role = Role.name role
                && (isNull displayName || displayName = user.DisplayName)
            then
                return Ok { User = user; Before = Some user }
            else
                let change = UserChange(Role = Role.name role, DisplayName = displayName)
                let! result = accounts.ChangeUserAsync(user.Id, change, cancellation)

                match result.Verdict, result.After with
                | UserVerdict.Done, NonNull after -> return Ok { User = after; Before = Some user }
                | UserVerdict.LastAdmin, _ -> return Error ExternalRefusal.LastAdmin
                | _ -> return Error ExternalRefusal.Disabled
        }

    /// Finds, makes or updates the user.
    let run
        (accounts: IAccountStore)
        (roles: (Role * string list) list)
        (now: DateTimeOffset)
        (profile: ExternalProfile)
        (cancellation: CancellationToken)
        : Task<Result<ExternalSignIn, ExternalRefusal>> =
        task {
            match roleOf roles profile.RoleValues with
            | None -> return Error ExternalRefusal.NoRole
            | Some role ->
                match! accounts.FindUserAsync(profile.Identity, cancellation) with
                | null ->
                    let! user = add accounts profile role now (candidates profile) cancellation
                    return Ok { User = user; Before = None }
                | user when not user.Enabled -> return Error ExternalRefusal.Disabled
                | user -> return! update accounts profile role user cancellation
        }
