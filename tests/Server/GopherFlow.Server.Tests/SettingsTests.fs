module GopherFlow.Server.Tests.SettingsTests

open System
open System.Collections.Generic
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Hosting
open GopherFlow.Stores.Sqlite
open GopherFlow.Settings
open GopherFlow.Server
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.Configuration
open Xunit

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

let private sound isDevelopment settings =
    let settings, faults = read isDevelopment settings
    Assert.Empty faults
    settings

[<Fact>]
let ``what is not set has its default`` () =
    let settings = sound false []
    Assert.Equal(Some "http://*:8080", settings.Listen.Urls)
    Assert.Equal(TimeSpan.FromHours 1., settings.SessionLife)
    Assert.Equal(1024 * 1024, settings.MaxBodyBytes)
    Assert.Equal(TimeSpan.FromSeconds 300., settings.MaxWait)
    Assert.Equal(None, settings.AdminPassword)
    Assert.Equal(None, settings.AdminApiKey)

[<Fact>]
let ``each setting is read`` () =
    let settings =
        sound false [
            "GFLOW_ENGINE_SERVER_WEB_PORT", "9000"
            "GFLOW_WEB_SESSION_EXPIRY_HOURS", "8"
            "GFLOW_WEB_MAX_BODY_BYTES", "2048"
            "GFLOW_WEB_MAX_WAIT_SECONDS", "20"
            "GFLOW_ADMIN_PASSWORD", "12345678"
            "GFLOW_ADMIN_API_KEY", "1234567890123456"
        ]

    Assert.Equal(Some "http://*:9000", settings.Listen.Urls)
    Assert.Equal(TimeSpan.FromHours 8., settings.SessionLife)
    Assert.Equal(2048, settings.MaxBodyBytes)
    Assert.Equal(TimeSpan.FromSeconds 20., settings.MaxWait)
    Assert.Equal(Some "12345678", settings.AdminPassword)
    Assert.Equal(Some "1234567890123456", settings.AdminApiKey)

[<Fact>]
let ``all faults of engine and server are told at once, and nothing is started`` () =
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

    let before = builder.Services.Count

    let failure =
        Assert.Throws<InvalidSettingsException>(fun () -> builder.AddGopherFlow(fun _ -> ()) |> ignore)

    Assert.IsAssignableFrom<SetupException> failure |> ignore
    Assert.Equal(settings.Length, failure.Faults.Count)

    for name, _ in settings do
        Assert.Contains(name, failure.Message)

    Assert.Equal(before, builder.Services.Count)

[<Fact>]
let ``faulty secrets are not repeated`` () =
    let _, faults =
        read false [
            "GFLOW_ADMIN_PASSWORD", "hush"
            "GFLOW_ADMIN_API_KEY", "a key with blanks in it"
        ]

    Assert.Equal(2, faults.Length)

    for fault in faults do
        Assert.DoesNotContain("hush", fault)
        Assert.DoesNotContain("blanks in it", fault)

[<Theory>]
[<InlineData(":9090", "http://*:9090")>]
[<InlineData("127.0.0.1:9090", "http://127.0.0.1:9090")>]
[<InlineData("[::1]:9090", "http://[::1]:9090")>]
[<InlineData("localhost:9090", "http://localhost:9090")>]
let ``HTTP_ADDR overrides the port`` (address: string) (url: string) =
    let settings =
        sound false [ "HTTP_ADDR", address; "GFLOW_ENGINE_SERVER_WEB_PORT", "8081" ]

    Assert.Equal(Some url, settings.Listen.Urls)

[<Theory>]
[<InlineData("9090")>]
[<InlineData("host:port")>]
[<InlineData("host:70000")>]
[<InlineData("a b:80")>]
[<InlineData("http://host:80")>]
let ``an HTTP_ADDR that is no address is a fault`` (address: string) =
    let _, faults = read false [ "HTTP_ADDR", address ]
    Assert.Contains("HTTP_ADDR", Assert.Single faults)

[<Fact>]
let ``development listens on this machine alone`` () =
    let settings = sound true [ "GFLOW_ENGINE_SERVER_WEB_PORT", "9000" ]
    Assert.Equal(Some "http://localhost:9000", settings.Listen.Urls)
    Assert.True settings.Listen.LoopbackOnly

[<Theory>]
[<InlineData("http://127.0.0.1:5000", true)>]
[<InlineData("http://localhost:5000;http://[::1]:5001", true)>]
[<InlineData("http://localhost:5000;http://*:5001", false)>]
[<InlineData("http://0.0.0.0:5000", false)>]
[<InlineData("http://+:5000", false)>]
[<InlineData("http://192.0.2.1:5000", false)>]
let ``addresses that the host was given are respected, and looked at`` (urls: string) (isLoopback: bool) =
    let settings = sound true [ "urls", urls; "HTTP_ADDR", ":9090" ]
    Assert.Equal(None, settings.Listen.Urls)
    Assert.Equal(isLoopback, settings.DefaultPasswordAllowed)

[<Fact>]
let ``endpoints of the web server's own configuration count as reachable`` () =
    let settings = sound true [ "Kestrel:Endpoints:Public:Url", "http://*:80" ]
    Assert.Equal(None, settings.Listen.Urls)
    Assert.False settings.DefaultPasswordAllowed

[<Theory>]
[<InlineData(true, "127.0.0.1:8080", true)>]
[<InlineData(true, ":8080", false)>]
[<InlineData(false, "127.0.0.1:8080", false)>]
let ``the default password is for development on this machine alone`` isDevelopment (address: string) isAllowed =
    Assert.Equal(isAllowed, (sound isDevelopment [ "HTTP_ADDR", address ]).DefaultPasswordAllowed)

[<Fact>]
let ``a faulty definition stops the setup with every fault`` () =
    let faulty =
        WorkflowDefinitionBuilder
            .Named("Faulty")
            .Start("Init", Func<StepContext, NextState>(fun _ -> NextState.GoTo "Nowhere"), [| "Nowhere" |])
            .End("Unreachable")
            .Draft()

    let builder = WebApplication.CreateBuilder()

    let failure =
        Assert.Throws<InvalidDefinitionException>(fun () ->
            builder.AddGopherFlow(fun flows -> flows.UseSqlite().AddDefinition faulty |> ignore)
            |> ignore)

    Assert.IsAssignableFrom<SetupException> failure |> ignore
    Assert.Equal(2, failure.Faults.Count)
