namespace GopherFlow.Server

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// The first user of a new database.
module internal Admin =

    [<Literal>]
    let Username = "admin"

    /// Accepted only if ServerSettings.DefaultPasswordAllowed is true.
    [<Literal>]
    let DefaultPassword = "admin"

/// Creates the first user before the server listens. A generated password is written to standard output once.
type FirstAccount
    (
        store: IAccountStore,
        settings: ServerSettings,
        passwords: Passwords,
        clock: TimeProvider,
        output: TextWriter,
        logger: ILogger<FirstAccount>
    ) =

    let choosePassword () =
        match settings.AdminPassword with
        | Some password -> password, None
        | None when settings.DefaultPasswordAllowed ->
            Admin.DefaultPassword, Some $"Sign in as {Admin.Username} with the password {Admin.DefaultPassword}."
        | None ->
            let password = Secrets.newPassword ()

            password,
            Some
                $"Sign in as {Admin.Username} with the password {password} . It has just been generated and will not be shown again."

    /// The settings apply only when the first user is created. If they differ from the stored user later, this logs a warning.
    let warnOfIgnored (admin: UserRecord) (cancellation: CancellationToken) =
        task {
            match settings.AdminPassword with
            | Some password when (passwords.Check(Some admin, password)).IsNone ->
                logger.LogWarning(
                    "GFLOW_ADMIN_PASSWORD is ignored: {Username} exists already, with another password or disabled. Passwords are changed in the console or over the API",
                    admin.Username
                )
            | _ -> ()

            match settings.AdminApiKey with
            | None -> ()
            | Some key ->
                match! store.FindApiKeyAsync(Secrets.hash key, clock.GetUtcNow(), cancellation) with
                | null ->
                    logger.LogWarning(
                        "GFLOW_ADMIN_API_KEY is ignored: {Username} exists already, and this key is unknown or revoked",
                        admin.Username
                    )
                | _ -> ()
        }

    let create (cancellation: CancellationToken) =
        task {
            let password, announcement = choosePassword ()

            let user =
                NewUser(Admin.Username, passwords.Hash(Admin.Username, password), "admin", clock.GetUtcNow())

            let key =
                settings.AdminApiKey
                |> Option.map (fun key ->
                    NewApiKey("GFLOW_ADMIN_API_KEY", Secrets.hash key, "", AccountRoles.Admin, user.Created))
                |> Option.toObj

            let! isFirst = store.AddFirstUserAsync(user, key, cancellation)

            if isFirst then
                logger.LogInformation("Created the first user, {Username}", Admin.Username)
                announcement |> Option.iter output.WriteLine
        }

    interface IHostedService with
        member _.StartAsync cancellation =
            task {
                match! store.FindUserAsync(Admin.Username, cancellation) with
                | null -> do! create cancellation
                | admin -> do! warnOfIgnored admin cancellation
            }

        member _.StopAsync _ = Task.CompletedTask
