module GopherFlow.Server.Tests.SettingsTableTests

open System
open System.IO
open GopherFlow.Settings
open GopherFlow.Server
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.DependencyInjection
open Expecto
open GopherFlow.TestSupport

let private rowsOf (settings: (string * string) list) =
    task {
        use! server = TestServer.StartAsync(settings, ignore)
        return server.Services.GetRequiredService<SettingsTable>().Rows()
    }

let private named name (rows: GopherFlow.Contract.Setting list) =
    rows |> List.find (fun row -> row.Name = name)

/// The table rows for the names, with this JSON file below the environment variables.
let private withFile (json: string) (names: string list) =
    let path =
        Path.Combine(Directory.CreateTempSubdirectory("gopherflow-test-").FullName, "appsettings.json")

    File.WriteAllText(path, json)

    let configuration =
        ConfigurationBuilder().AddJsonFile(path).AddEnvironmentVariables().Build()

    let reader = SettingsReader(fun name -> configuration[name])

    for name in names do
        reader.Text(name, "usual") |> ignore

    Directory.Delete(Path.GetDirectoryName path |> Unchecked.nonNull, true)
    SettingsTable(configuration, reader).Rows()

let tests =
    testList "Settings table" [
        testCaseTask "a row has the value, the default, the source and a description" (fun () ->
            task {
                let! rows = rowsOf [ "GFLOW_ENGINE_BATCH_SIZE", "7" ]

                Expect.equal
                    (named "GFLOW_ENGINE_BATCH_SIZE" rows)
                    {
                        Name = "GFLOW_ENGINE_BATCH_SIZE"
                        Value = Some "7"
                        IsSet = true
                        Default = Some "512"
                        Source = Some "Memory"
                        Description = Some "The largest transaction and the largest claim, in workflows"
                    }
                    "set"

                Expect.equal
                    (named "GFLOW_WEB_SESSION_EXPIRY_HOURS" rows)
                    {
                        Name = "GFLOW_WEB_SESSION_EXPIRY_HOURS"
                        Value = None
                        IsSet = false
                        Default = Some "1"
                        Source = None
                        Description = Some "How long a session lasts, in hours"
                    }
                    "not set"

                Expect.equal (named "GFLOW_DATABASE_TYPE" rows).Default (Some "SQLITE") "a choice"
                Expect.equal (named "GFLOW_ENGINE_ENABLED" rows).Default (Some "true") "a switch"
            })

        testCaseTask "secrets are never shown" (fun () ->
            task {
                let! rows = rowsOf []

                for name in [ "GFLOW_ADMIN_PASSWORD"; "GFLOW_ADMIN_API_KEY" ] do
                    let row = named name rows
                    Expect.equal (row.Value, row.Default, row.IsSet) (None, None, true) name

                let everything = string rows
                Expect.isFalse (everything.Contains TestSettings.Password) "password"
                Expect.isFalse (everything.Contains TestSettings.ApiKey) "key"
            })

        testCase "neither the address nor the secret of a webhook is shown" (fun () ->
            let names = [ "GFLOW_WEBHOOK_URLS"; "GFLOW_WEBHOOK_SECRETS" ]

            let rows =
                withFile """{ "GFLOW_WEBHOOK_URLS": "shop=http://a/t0ken", "GFLOW_WEBHOOK_SECRETS": "hush" }""" names

            Expect.equal
                [ for name in names -> (named name rows).Value, (named name rows).IsSet ]
                [ None, true; None, true ]
                "rows")

        testCase "the value of an application's own setting is hidden" (fun () ->
            let row =
                withFile """{ "PAYMENT_KEY": "hush" }""" [ "PAYMENT_KEY" ]
                |> named "PAYMENT_KEY"

            Expect.equal (row.Value, row.Default, row.IsSet) (None, None, true) "row")

        testCase "a setting from a file names the file as its source" (fun () ->
            let row =
                withFile """{ "EXECUTOR_NAME": "night shift" }""" [ "EXECUTOR_NAME" ]
                |> named "EXECUTOR_NAME"

            Expect.equal row.Value (Some "night shift") "value"
            Expect.equal row.Source (Some "appsettings.json") "source")

        testCase "every setting has a description" (fun () ->
            Expect.isEmpty
                (KnownSettings.Names
                 |> Seq.filter (SettingDescriptions.tryFind >> Option.isNone)
                 |> List.ofSeq)
                "settings without a description")

        for given, expected in
            [
                "postgres://ann:s3cret@db:5432/flow?sslmode=require&sslpassword=s3cret",
                "postgres://ann:***@db:5432/flow?sslmode=require&sslpassword=***"
                "mysql://ann:s3@cret@db/flow", "mysql://ann:***@db/flow"
                "postgres://db/flow", "postgres://db/flow"
                "Host=db;Username=ann;Password=s3cret;Passfile=/s3cret;Database=flow",
                "host=db;username=ann;password=***;passfile=***;database=flow"
                "Server=db;User ID=ann;Pwd='s3;cret'", "server=db;user id=ann;pwd=***"
                "s3cret", "***"
            ] do
            testCase $"passwords are masked in {given}" (fun () ->
                Expect.equal (MaskedDatabaseUrl.mask given) expected "masked")
    ]
