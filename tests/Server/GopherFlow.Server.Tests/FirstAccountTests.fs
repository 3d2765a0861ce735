module GopherFlow.Server.Tests.FirstAccountTests

open System
open System.IO
open System.Threading
open GopherFlow.Stores.Sqlite
open GopherFlow.Server
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging
open Microsoft.Extensions.Logging.Abstractions
open Expecto
open GopherFlow.TestSupport

let private settings = {
    IsEnabled = true
    Listen = { Urls = None; LoopbackOnly = true }
    SessionLife = TimeSpan.FromHours 1.
    MaxBodyBytes = 1024
    MaxWait = TimeSpan.FromSeconds 1.
    Metrics = true
    AdminPassword = None
    AdminApiKey = None
    OpenId = None
    DefaultPasswordAllowed = false
    AllowedHosts = AnyHost
    TrustedProxies = []
    MaxStreams = 10
}

let private start (store: SqliteStore) settings =
    task {
        use output = new StringWriter()

        let account: IHostedService =
            FirstAccount(
                store.Accounts,
                settings,
                Passwords(),
                TimeProvider.System,
                output,
                NullLogger<FirstAccount>.Instance
            )

        do! account.StartAsync CancellationToken.None
        return output.ToString()
    }

let private withStore (test: SqliteStore -> Threading.Tasks.Task<unit>) =
    task {
        let folder = Directory.CreateTempSubdirectory("gopherflow-").FullName
        let store = new SqliteStore(Path.Combine(folder, "gflow.db"))
        do! store.InitializeAsync CancellationToken.None
        do! test store
        do! store.DisposeAsync()
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools()
        Directory.Delete(folder, true)
    }

let private signsIn (store: SqliteStore) (password: string) =
    task {
        let! admin = store.Accounts.FindUserAsync("admin", CancellationToken.None)
        return Passwords().Check(Option.ofObj admin, password) |> Option.isSome
    }

let tests =
    testList "First account" [
        testCaseTask "a generated password is printed once and works" (fun () ->
            withStore (fun store ->
                task {
                    let! output = start store settings
                    let password = output.Split("password ")[1] |> fun rest -> rest.Split(' ')[0]
                    Expect.equal password.Length 20 "length"
                    let! works = signsIn store password
                    Expect.isTrue works "sign-in"
                    let! again = start store settings
                    Expect.equal again "" "output of the second start"
                }))

        testCaseTask "a configured password works and is not printed" (fun () ->
            withStore (fun store ->
                task {
                    let! output =
                        start store {
                            settings with
                                AdminPassword = Some "my own password"
                        }

                    Expect.equal output "" "output"
                    let! configured = signsIn store "my own password"
                    let! byDefault = signsIn store "admin"
                    Expect.isTrue configured "configured password"
                    Expect.isFalse byDefault "default password"
                }))

        testCaseTask "the default password works only where it is allowed" (fun () ->
            withStore (fun store ->
                task {
                    let! _ =
                        start store {
                            settings with
                                DefaultPasswordAllowed = true
                        }

                    let! works = signsIn store "admin"
                    Expect.isTrue works "sign-in"
                }))

        testCaseTask "only the key configured at the first start becomes the admin's" (fun () ->
            withStore (fun store ->
                task {
                    let! _ =
                        start store {
                            settings with
                                AdminApiKey = Some "the-first-key-0001"
                        }

                    let! _ =
                        start store {
                            settings with
                                AdminApiKey = Some "the-later-key-0002"
                        }

                    let find key =
                        store.Accounts.FindApiKeyAsync(
                            Secrets.hash key,
                            DateTimeOffset.UtcNow,
                            CancellationToken.None
                        )

                    let! first = find "the-first-key-0001"
                    let! later = find "the-later-key-0002"
                    Expect.equal (Option.ofObj first |> Option.map _.User.Username) (Some "admin") "username"
                    Expect.equal (Option.ofObj first |> Option.map _.Key.Role) (Some "admin") "role"
                    Expect.isTrue ((Option.ofObj later).IsNone) "later key"
                }))

        testCaseTask
            "a configured password or key that differs from the stored one is ignored with a warning"
            (fun () ->
                withStore (fun store ->
                    task {
                        let warnings = System.Collections.Concurrent.ConcurrentQueue<string>()

                        let logger = {
                            new ILogger<FirstAccount> with
                                member _.BeginScope _ = null
                                member _.IsEnabled _ = true

                                member _.Log(level, _, state, failure, format) =
                                    if level = LogLevel.Warning then
                                        warnings.Enqueue(format.Invoke(state, failure))
                        }

                        let startWith password key =
                            task {
                                let settings = {
                                    settings with
                                        AdminPassword = Some password
                                        AdminApiKey = Some key
                                }

                                let account: IHostedService =
                                    FirstAccount(
                                        store.Accounts,
                                        settings,
                                        Passwords(),
                                        TimeProvider.System,
                                        TextWriter.Null,
                                        logger
                                    )

                                do! account.StartAsync CancellationToken.None
                            }

                        do! startWith "my own password" "the-first-key-0001"
                        do! startWith "my own password" "the-first-key-0001"
                        Expect.isEmpty warnings "the same values again"
                        do! startWith "quite a new secret" "the-later-key-0002"
                        Expect.hasLength warnings 2 "both"
                        Expect.stringContains (Seq.head warnings) "GFLOW_ADMIN_PASSWORD is ignored" "password"
                        Expect.stringContains (Seq.last warnings) "GFLOW_ADMIN_API_KEY is ignored" "key"
                        Expect.stringLacks (String.concat " " warnings) "quite a new secret" "no secret"
                        let! works = signsIn store "my own password"
                        Expect.isTrue works "the stored password"
                    }))

        testCaseTask "neither the password nor the key is stored in plain text" (fun () ->
            withStore (fun store ->
                task {
                    let! _ =
                        start store {
                            settings with
                                AdminPassword = Some "my own password"
                                AdminApiKey = Some "the-first-key-0001"
                        }

                    let! admin = store.Accounts.FindUserAsync("admin", CancellationToken.None)

                    let hash =
                        admin
                        |> Option.ofObj
                        |> Option.bind (_.PasswordHash >> Option.ofObj)
                        |> Option.get

                    Expect.stringLacks hash "my own password" "hash"

                    let! plain =
                        store.Accounts.FindApiKeyAsync(
                            "the-first-key-0001",
                            DateTimeOffset.UtcNow,
                            CancellationToken.None
                        )

                    Expect.isTrue ((Option.ofObj plain).IsNone) "lookup by the plain key"
                }))
    ]
