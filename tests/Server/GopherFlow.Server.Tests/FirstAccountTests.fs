module GopherFlow.Server.Tests.FirstAccountTests

open System
open System.IO
open System.Threading
open GopherFlow.Stores.Sqlite
open GopherFlow.Server
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging.Abstractions
open Xunit

let private settings = {
    Listen = { Urls = None; LoopbackOnly = true }
    SessionLife = TimeSpan.FromHours 1.
    MaxBodyBytes = 1024
    MaxWait = TimeSpan.FromSeconds 1.
    AdminPassword = None
    AdminApiKey = None
    DefaultPasswordAllowed = false
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

let private opens (store: SqliteStore) (password: string) =
    task {
        let! admin = store.Accounts.FindUserAsync("admin", CancellationToken.None)
        return Passwords().Check(Option.ofObj admin, password) |> Option.isSome
    }

[<Fact>]
let ``a generated password is told once, and opens`` () =
    withStore (fun store ->
        task {
            let! told = start store settings
            let password = told.Split("password ")[1] |> fun rest -> rest.Split(' ')[0]
            Assert.Equal(20, password.Length)
            let! opens = opens store password
            Assert.True opens
            let! again = start store settings
            Assert.Equal("", again)
        })

[<Fact>]
let ``a given password opens, and is not told`` () =
    withStore (fun store ->
        task {
            let! told =
                start store {
                    settings with
                        AdminPassword = Some "my own password"
                }

            Assert.Equal("", told)
            let! opensOwn = opens store "my own password"
            let! opensDefault = opens store "admin"
            Assert.True opensOwn
            Assert.False opensDefault
        })

[<Fact>]
let ``only where it is allowed is it admin`` () =
    withStore (fun store ->
        task {
            let! _ =
                start store {
                    settings with
                        DefaultPasswordAllowed = true
                }

            let! opens = opens store "admin"
            Assert.True opens
        })

[<Fact>]
let ``the key of the first start is the admin's, a later one is not`` () =
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
                store.Accounts.FindUserByApiKeyAsync(Secrets.hash key, CancellationToken.None)

            let! first = find "the-first-key-0001"
            let! later = find "the-later-key-0002"
            Assert.Equal(Some "admin", Option.ofObj first |> Option.map _.Username)
            Assert.Equal(Some "admin", Option.ofObj first |> Option.map _.Role)
            Assert.True((Option.ofObj later).IsNone)
        })

[<Fact>]
let ``neither password nor key is kept in clear`` () =
    withStore (fun store ->
        task {
            let! _ =
                start store {
                    settings with
                        AdminPassword = Some "my own password"
                        AdminApiKey = Some "the-first-key-0001"
                }

            let! admin = store.Accounts.FindUserAsync("admin", CancellationToken.None)
            let hash = admin |> Option.ofObj |> Option.map _.PasswordHash |> Option.get
            Assert.DoesNotContain("my own password", hash)

            let! inClear =
                store.Accounts.FindUserByApiKeyAsync("the-first-key-0001", CancellationToken.None)

            Assert.True((Option.ofObj inClear).IsNone)
        })
