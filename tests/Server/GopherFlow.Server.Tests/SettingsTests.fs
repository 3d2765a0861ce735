module GopherFlow.Server.Tests.SettingsTests

open System
open System.Collections.Generic
open System.IO
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Hosting
open GopherFlow.Scripting
open GopherFlow.Stores.Sqlite
open GopherFlow.Settings
open GopherFlow.Server
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.Configuration
open Expecto
open GopherFlow.TestSupport

let private configuration (settings: (string * string) list) =
    ConfigurationBuilder()
        .AddInMemoryCollection(
            settings
            |> Seq.map (fun (name, value) -> KeyValuePair(name, Option.toObj (Some value)))
        )
        .Build()

let private read isDevelopment settings =
    let configuration = configuration settings
    let reader = SettingsReader(fun name -> configuration[name])
    Settings.read isDevelopment configuration reader, List.ofSeq reader.Faults

let private valid isDevelopment settings =
    let settings, faults = read isDevelopment settings
    Expect.isEmpty faults "errors"
    settings

/// The setup exception that prevents the application from starting.
let private faultOf<'fault when 'fault :> exn> (builder: WebApplicationBuilder) =
    let fault =
        builder.Services
        |> Seq.pick (fun service ->
            match service.ImplementationInstance with
            | :? SetupFault as fault -> Some fault.Exception
            | _ -> None)

    unbox<'fault>(box fault)

let tests =
    testList "Settings" [
        testCase "settings have defaults" (fun () ->
            let settings = valid false []
            Expect.equal settings.Listen.Urls (Some "http://*:8080") "urls"
            Expect.equal settings.SessionLife (TimeSpan.FromHours 1.) "session life"
            Expect.equal settings.MaxBodyBytes (1024 * 1024) "max body bytes"
            Expect.equal settings.MaxWait (TimeSpan.FromSeconds 300.) "max wait"
            Expect.equal settings.AdminPassword None "admin password"
            Expect.equal settings.AdminApiKey None "admin api key")

        testCase "each setting is read" (fun () ->
            let settings =
                valid false [
                    "GFLOW_ENGINE_SERVER_WEB_PORT", "9000"
                    "GFLOW_WEB_SESSION_EXPIRY_HOURS", "8"
                    "GFLOW_WEB_MAX_BODY_BYTES", "2048"
                    "GFLOW_WEB_MAX_WAIT_SECONDS", "20"
                    "GFLOW_ADMIN_PASSWORD", "12345678"
                    "GFLOW_ADMIN_API_KEY", "1234567890123456"
                ]

            Expect.equal settings.Listen.Urls (Some "http://*:9000") "urls"
            Expect.equal settings.SessionLife (TimeSpan.FromHours 8.) "session life"
            Expect.equal settings.MaxBodyBytes 2048 "max body bytes"
            Expect.equal settings.MaxWait (TimeSpan.FromSeconds 20.) "max wait"
            Expect.equal settings.AdminPassword (Some "12345678") "admin password"
            Expect.equal settings.AdminApiKey (Some "1234567890123456") "admin api key")

        testCase "all invalid settings of engine and server are reported together" (fun () ->
            let settings = [
                "GFLOW_ENGINE_SERVER_WEB_PORT", "http"
                "HTTP_ADDR", "nowhere"
                "GFLOW_WEB_SESSION_EXPIRY_HOURS", "0"
                "GFLOW_WEB_MAX_BODY_BYTES", "many"
                "GFLOW_ADMIN_PASSWORD", "short"
                "GFLOW_ADMIN_API_KEY", "also short"
                "GFLOW_ENGINE_EXECUTOR_SIZE", "-1"
                "GFLOW_ENGINE_CHECK_DB_INTERVAL", "3 blinks"
            ]

            let builder = WebApplication.CreateBuilder()

            builder.Configuration.AddInMemoryCollection(
                settings
                |> Seq.map (fun (name, value) -> KeyValuePair(name, Option.toObj (Some value)))
            )
            |> ignore

            let failure = faultOf<InvalidSettingsException>(builder.AddGopherFlow(fun _ -> ()))

            Expect.equal failure.Faults.Count settings.Length "count"

            for name, _ in settings do
                Expect.stringContains failure.Message name "message")

        testCase "invalid secrets are not echoed" (fun () ->
            let _, faults =
                read false [
                    "GFLOW_ADMIN_PASSWORD", "hush"
                    "GFLOW_ADMIN_API_KEY", "a key with blanks in it"
                ]

            Expect.equal faults.Length 2 "length"

            for fault in faults do
                Expect.stringLacks fault "hush" "message"
                Expect.stringLacks fault "blanks in it" "message")

        testTheory
            "HTTP_ADDR overrides the port"
            [
                ":9090", "http://*:9090"
                "127.0.0.1:9090", "http://127.0.0.1:9090"
                "[::1]:9090", "http://[::1]:9090"
                "localhost:9090", "http://localhost:9090"
            ]
            (fun (address: string, url: string) ->
                let settings =
                    valid false [ "HTTP_ADDR", address; "GFLOW_ENGINE_SERVER_WEB_PORT", "8081" ]

                Expect.equal settings.Listen.Urls (Some url) "urls")

        testTheory
            "a malformed HTTP_ADDR is an error"
            [ "9090"; "host:port"; "host:70000"; "a b:80"; "http://host:80" ]
            (fun (address: string) ->
                let _, faults = read false [ "HTTP_ADDR", address ]
                Expect.stringContains (Expect.single faults "errors") "HTTP_ADDR" "message")

        testCase "in development the server listens only on loopback" (fun () ->
            let settings = valid true [ "GFLOW_ENGINE_SERVER_WEB_PORT", "9000" ]
            Expect.equal settings.Listen.Urls (Some "http://localhost:9000") "urls"
            Expect.isTrue settings.Listen.LoopbackOnly "loopback only")

        testTheory
            "host addresses take precedence, and only loopback ones allow the default password"
            [
                "http://127.0.0.1:5000", true
                "http://localhost:5000;http://[::1]:5001", true
                "http://localhost:5000;http://*:5001", false
                "http://0.0.0.0:5000", false
                "http://+:5000", false
                "http://192.0.2.1:5000", false
            ]
            (fun (urls: string, isLoopback: bool) ->
                let settings = valid true [ "urls", urls; "HTTP_ADDR", ":9090" ]
                Expect.equal settings.Listen.Urls None "urls"
                Expect.equal settings.DefaultPasswordAllowed isLoopback "default password allowed")

        testCase "Kestrel endpoints are treated as reachable from outside" (fun () ->
            let settings = valid true [ "Kestrel:Endpoints:Public:Url", "http://*:80" ]
            Expect.equal settings.Listen.Urls None "urls"
            Expect.isFalse settings.DefaultPasswordAllowed "default password allowed")

        testTheory
            "the default password is allowed only in development on loopback"
            [
                true, "127.0.0.1:8080", true
                true, ":8080", false
                false, "127.0.0.1:8080", false
            ]
            (fun (isDevelopment, address: string, isAllowed) ->
                Expect.equal
                    ((valid isDevelopment [ "HTTP_ADDR", address ]).DefaultPasswordAllowed)
                    isAllowed
                    "default password allowed")

        testCaseTask "an unknown setting is logged once with a suggestion" (fun () ->
            task {
                use! server =
                    TestServer.StartAsync(
                        [
                            "GFLOW_BATCHSIZE", "7"
                            "GFLOW_DATABASE_URI", ""
                            "GFLOW_TEST_POSTGRES", "of the tests"
                            "OTHER_BATCHSIZE", "not ours"
                        ],
                        ignore
                    )

                let warnings =
                    server.Logged
                    |> List.map _.Text
                    |> List.filter (fun text -> text.Contains "is not a setting")

                Expect.equal
                    warnings
                    [
                        "GFLOW_BATCHSIZE is not a setting; did you mean GFLOW_ENGINE_BATCH_SIZE?"
                        "GFLOW_DATABASE_URI is not a setting; did you mean GFLOW_DATABASE_URL?"
                    ]
                    "warnings"
            })

        testCase "GFLOW_SCRIPTS_DIR requires UseScripts" (fun () ->
            let faultsWith (register: GopherFlowRegistration -> unit) =
                let builder = WebApplication.CreateBuilder()

                builder.Configuration.AddInMemoryCollection(
                    [
                        KeyValuePair("GFLOW_SCRIPTS_DIR", Option.toObj (Some(Path.GetTempPath())))
                        KeyValuePair("GFLOW_ENGINE_EXECUTOR_SIZE", Option.toObj (Some "-1"))
                    ]
                )
                |> ignore

                faultOf<InvalidSettingsException>(builder.AddGopherFlow register).Faults
                |> Seq.filter _.Contains("GFLOW_SCRIPTS_DIR")
                |> List.ofSeq

            let without = faultsWith (fun flows -> flows.UseSqlite() |> ignore)
            Expect.hasLength without 1 "without UseScripts"
            Expect.stringContains without[0] "UseScripts()" "the fix"
            Expect.isEmpty (faultsWith (fun flows -> flows.UseSqlite().UseScripts() |> ignore)) "with UseScripts")

        testCase "an invalid definition stops the setup with all its errors" (fun () ->
            let faulty =
                WorkflowDefinitionBuilder
                    .Named("Faulty")
                    .Start("Init", Func<StepContext, NextState>(fun _ -> NextState.GoTo "Nowhere"), [| "Nowhere" |])
                    .End("Unreachable")
                    .Draft()

            let builder = WebApplication.CreateBuilder()

            let failure =
                faultOf<InvalidDefinitionException>(
                    builder.AddGopherFlow(fun flows -> flows.UseSqlite().AddDefinition faulty |> ignore)
                )

            Expect.equal failure.Faults.Count 2 "count of errors")
    ]
