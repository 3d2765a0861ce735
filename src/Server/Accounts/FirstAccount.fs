namespace GopherFlow.Server

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// The one user of a new database.
module Admin =

    [<Literal>]
    let Username = "admin"

    /// Only accepted where ServerSettings.DefaultPasswordAllowed says so.
    [<Literal>]
    let DefaultPassword = "admin"

/// Creates the first user, before the server listens. A password that nobody chose is told once, on the standard output.
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
                $"Sign in as {Admin.Username} with the password {password} . It was generated just now and is not shown again."

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
                | _ -> ()
            }

        member _.StopAsync _ = Task.CompletedTask
