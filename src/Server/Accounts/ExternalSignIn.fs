namespace GopherFlow.Server

open System
open System.Threading
open System.Threading.Tasks
open GopherFlow.Storage

/// A user as described by an OpenID Connect provider.
type ExternalProfile = {
    Identity: ExternalIdentity
    /// Candidates for the user name, the best first.
    Names: string list
    DisplayName: string option
    /// The values of the role claim.
    RoleValues: string list
}

/// Why a user whom the provider has authenticated is refused.
[<RequireQualifiedAccess>]
type ExternalRefusal =
    /// No value of the role claim is mapped to a role.
    | NoRole
    | Disabled
    /// The claim gives the last enabled admin a lower role.
    | LastAdmin

/// The result of a sign-in through a provider.
type ExternalSignIn = {
    User: UserRecord
    /// The user before the sign-in; None if it was created.
    Before: UserRecord option
}

/// Creates and updates users at each sign-in through a provider.
module internal ExternalSignIn =

    /// The highest role that any of the values is mapped to.
    let roleOf (roles: (Role * string list) list) (values: string list) =
        roles
        |> List.filter (fun (_, ofRole) -> ofRole |> List.exists (fun value -> List.contains value values))
        |> List.map fst
        |> List.sortDescending
        |> List.tryHead

    [<Literal>]
    let private LongestName = 90

    /// A valid user name that is as close to the provider's name as possible.
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
        if Usernames.IsValid kept then Some kept else None

    /// The user names to try: the name itself, then the name with a number.
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
                // The name is taken, or the same person signs in twice at the same time.
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

    /// Finds, creates or updates the user.
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
