namespace GopherFlow.Server.Tests

open System
open System.Collections.Concurrent
open System.IO
open System.Net.Http
open System.Threading
open System.Threading.Tasks
open GopherFlow.Hosting
open GopherFlow.Scripting
open GopherFlow.Stores.Postgres
open GopherFlow.Stores.Sqlite
open GopherFlow.Storage
open GopherFlow.Server
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

/// A log entry of level Warning or higher.
type LogLine = {
    Level: LogLevel
    Text: string
    Failure: exn option
}

type private LogKeeper(lines: ConcurrentQueue<LogLine>) =
    interface ILoggerProvider with
        member _.CreateLogger _ = {
            new ILogger with
                member _.BeginScope _ = null
                member _.IsEnabled level = level >= LogLevel.Warning

                member _.Log(level, _, state, failure, format) =
                    if level >= LogLevel.Warning then
                        lines.Enqueue {
                            Level = level
                            Text = format.Invoke(state, failure)
                            Failure = Option.ofObj failure
                        }
        }

        member _.Dispose() = ()

/// The settings of a test server.
module TestSettings =

    [<Literal>]
    let Password = "a long enough password"

    [<Literal>]
    let ApiKey = "a-key-of-the-admin-0001"

    [<Literal>]
    let DatabaseFile = "gflow.db"

    let inFolder (folder: string) = [
        "HTTP_ADDR", "127.0.0.1:0"
        "GFLOW_DATABASE_SQLLITE_FILE_NAME", Path.Combine(folder, DatabaseFile)
        "GFLOW_DATABASE_SQLITE_SYNCHRONOUS", "NORMAL"
        "GFLOW_SCRIPTS_CACHE", Path.Combine(folder, "scripts")
        "GFLOW_ENGINE_LEASE", "24h"
        "GFLOW_ENGINE_STATE_TIMEOUT", "24h"
        "GFLOW_ENGINE_CREATE_WAIT", "0s"
        "GFLOW_ENGINE_GRACE_PERIOD", "0s"
        "GFLOW_ENGINE_CHECK_DB_INTERVAL", "1h"
        "GFLOW_ENGINE_STUCK_WORKFLOWS_INTERVAL", "1h"
        "GFLOW_ADMIN_PASSWORD", Password
        "GFLOW_ADMIN_API_KEY", ApiKey
    ]

/// A complete server on its own port with its own SQLite file and a manual clock.
type TestServer
    private
    (app: WebApplication, folder: string, clock: ManualClock, gate: SemaphoreSlim, logged: ConcurrentQueue<LogLine>) =

    let http =
        new HttpClient(
            new SocketsHttpHandler(UseCookies = false, AllowAutoRedirect = false),
            BaseAddress = Uri(Seq.head app.Urls),
            Timeout = TimeSpan.FromMinutes 3.
        )

    member _.Http = http
    member _.Clock = clock
    member _.Logged = List.ofSeq logged
    member _.Store = app.Services.GetRequiredService<IWorkflowStore>()
    member _.Accounts = app.Services.GetRequiredService<IAccountStore>()
    member _.Services = app.Services

    /// For tests that write rows directly.
    member _.ConnectionString =
        $"Data Source={Path.Combine(folder, TestSettings.DatabaseFile)}"

    /// Lets one workflow of type Gated continue.
    member _.OpenGate() = gate.Release() |> ignore

    member _.StopAsync() = app.StopAsync()

    static member private Builder(environment, folder: string, settings: (string * string) list, lines) =
        let builder =
            WebApplication.CreateBuilder(WebApplicationOptions(EnvironmentName = environment, ContentRootPath = folder))

        builder.Configuration.AddInMemoryCollection(
            TestSettings.inFolder folder @ settings
            |> Seq.groupBy fst
            |> Seq.map (fun (name, values) ->
                Collections.Generic.KeyValuePair(name, Option.toObj (Seq.tryLast values |> Option.map snd)))
        )
        |> ignore

        builder.Logging.ClearProviders().AddProvider(new LogKeeper(lines)) |> ignore

        builder

    static member private StartAsync
        (environment: string, isManual: bool, settings: (string * string) list, map: WebApplication -> unit)
        =
        task {
            let folder = Directory.CreateTempSubdirectory("gopherflow-").FullName
            let clock = ManualClock()
            let gate = new SemaphoreSlim(0)
            let lines = ConcurrentQueue()
            let builder = TestServer.Builder(environment, folder, settings, lines)

            if isManual then
                builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(EngineClocks.TurnedBy clock)
                |> ignore

            builder.AddGopherFlow(fun flows ->
                flows
                    .UseSqlite()
                    .UseScripts()
                    .UsePostgres()
                    .AddDefinition(TestWorkflows.order)
                    .AddDefinition(TestWorkflows.gated gate)
                    .AddDefinition(TestWorkflows.large)
                    .AddDefinition(TestWorkflows.sleeper)
                    .AddDefinition(TestWorkflows.metered)
                    .AddDefinition(TestWorkflows.broken)
                    .AddDefinition(TestWorkflows.unpaid)
                    .AddDefinition(TestWorkflows.parent)
                    .AddSchedule("declared", "Order", "0 0 1 1 *")
                |> ignore)
            |> ignore

            let app = builder.Build()
            map app
            app.MapGopherFlow() |> ignore
            do! app.StartAsync()
            return new TestServer(app, folder, clock, gate, lines)
        }

    /// Starts a server with additional settings and routes.
    static member StartAsync(settings: (string * string) list, map: WebApplication -> unit) =
        TestServer.StartAsync("Production", true, settings, map)

    static member StartAsync() = TestServer.StartAsync([], ignore)

    /// Starts a server in the Development environment with the default password.
    static member StartInDevelopmentAsync() =
        TestServer.StartAsync("Development", true, [ "GFLOW_ADMIN_PASSWORD", "" ], ignore)

    /// Starts a server on the system clock.
    static member StartOnRealTimeAsync(settings: (string * string) list) =
        TestServer.StartAsync("Production", false, settings, ignore)

    interface IAsyncDisposable with
        member _.DisposeAsync() =
            task {
                http.Dispose()
                let stopping = app.StopAsync()
                do! clock.AdvanceUntil(TimeSpan.FromSeconds 1., stopping)
                do! app.DisposeAsync()
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools()
                Directory.Delete(folder, true)
            }
            |> ValueTask
