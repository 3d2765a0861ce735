namespace GopherFlow.Server

open System
open System.IO
open System.Runtime.CompilerServices
open System.Threading.Tasks
open GopherFlow.Hosting
open GopherFlow.Operations
open GopherFlow.Settings
open GopherFlow.Storage
open GopherFlow.Scripting
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Connections
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.HttpOverrides
open Microsoft.AspNetCore.Routing
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.DependencyInjection.Extensions
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// Whether the application is starting. During startup the host's error log is suppressed: a single line on standard error reports the
/// error.
type internal StartLog() =
    member val IsStarting = false with get, set

/// The startup error. It is reported when the application runs, in whatever way it is run, and no other service starts.
type internal SetupFault(fault: SetupException) =
    member _.Exception = fault

    interface IHostedService with
        member _.StartAsync _ = Task.FromException fault
        member _.StopAsync _ = Task.CompletedTask

/// <summary>Adds GopherFlow to a web application in three lines: one before the application is built and two after.</summary>
/// <example>
/// <code>
/// var builder = WebApplication.CreateBuilder(args);
/// builder.AddGopherFlow(flows => flows.UseSqlite().AddWorkflow&lt;GetIpWorkflow&gt;());
/// var app = builder.Build();
/// app.MapGopherFlow();
/// return await app.RunGopherFlowAsync();
/// </code>
/// </example>
[<AbstractClass; Sealed; Extension>]
type GopherFlowServer =

    static member private Read
        (builder: WebApplicationBuilder, reader: SettingsReader, registration: GopherFlowRegistration)
        =
        let engine = EngineSettings.Read reader
        let scripts = ScriptSettings.read reader (registration.Provides<IScriptCompiler>())

        let server =
            Settings.read (builder.Environment.IsDevelopment()) builder.Configuration reader

        if not (engine.IsEnabled || server.IsEnabled) then
            reader.Fault(
                "GFLOW_SERVER_ENABLED",
                "false",
                "true if GFLOW_ENGINE_ENABLED is false, because otherwise the process would do nothing",
                ()
            )

        reader.ThrowIfFaulty()
        engine, scripts, server

    static member private Listen(builder: WebApplicationBuilder, settings: ServerSettings) =
        settings.Listen.Urls
        |> Option.iter (fun urls -> builder.WebHost.UseUrls urls |> ignore)

        builder.WebHost.ConfigureKestrel(fun kestrel ->
            kestrel.AddServerHeader <- false
            kestrel.Limits.RequestHeadersTimeout <- TimeSpan.FromSeconds 15.
            kestrel.Limits.KeepAliveTimeout <- TimeSpan.FromMinutes 2.)
        |> ignore

    /// Takes the client's address, scheme and host from the headers of trusted proxies.
    static member private Forward(builder: WebApplicationBuilder, settings: ServerSettings) =
        if not settings.TrustedProxies.IsEmpty then
            let options =
                ForwardedHeadersOptions(
                    ForwardedHeaders =
                        (ForwardedHeaders.XForwardedFor
                         ||| ForwardedHeaders.XForwardedProto
                         ||| ForwardedHeaders.XForwardedHost),
                    ForwardLimit = Nullable()
                )

            options.KnownProxies.Clear()
            options.KnownIPNetworks.Clear()
            settings.TrustedProxies |> List.iter options.KnownIPNetworks.Add

            let first = {
                new IStartupFilter with
                    member _.Configure next =
                        Action<IApplicationBuilder>(fun app ->
                            app.UseForwardedHeaders options |> ignore
                            next.Invoke app)
            }

            builder.Services.AddSingleton<IStartupFilter> first |> ignore

    static member private AddParts
        (builder: WebApplicationBuilder, settings: SettingsReader, register: Action<GopherFlowRegistration>)
        =
        let registration = GopherFlowRegistration()
        register.Invoke registration
        registration.ReadSettings settings
        let engine, scripts, server = GopherFlowServer.Read(builder, settings, registration)

        builder.Services.AddGopherFlowEngine(engine, registration).AddGopherFlowScripts(scripts)
        |> ignore

        GopherFlowServer.Listen(builder, server)
        GopherFlowServer.Forward(builder, server)
        Observation.add builder.Configuration server builder.Services
        builder.Services.TryAddSingleton<TimeProvider> TimeProvider.System

        builder.Services
            .AddSingleton(server)
            .AddSingleton<Passwords>()
            .AddSingleton<PasswordWork>()
            .AddSingleton<SignInThrottle>()
            .AddSingleton<SettingsTable>(SettingsTable(builder.Configuration, settings))
            .AddSingleton<AuditWriter>()
            .AddSingleton<Rights>()
            .AddSingleton<OpenStreams>()
            .AddSingleton<ServedGroups>(fun provider ->
                ServedGroups(
                    provider.GetRequiredService<IWorkflowStore>(),
                    provider.GetRequiredService<WorkflowOperations>().Clock
                ))
        |> ignore

        if server.IsEnabled then
            builder.Services.AddHostedService(fun provider ->
                FirstAccount(
                    provider.GetRequiredService<IAccountStore>(),
                    server,
                    provider.GetRequiredService<Passwords>(),
                    provider.GetRequiredService<WorkflowOperations>().Clock,
                    Console.Out,
                    provider.GetRequiredService<ILogger<FirstAccount>>()
                ))
            |> ignore

        server.OpenId
        |> Option.iter (fun provider -> OpenIdConnect.add provider builder.Services)

    /// <summary>
    /// Adds the engine with the workflows of the application, and the server. The settings are read with a reader that the application may
    /// also use for its own settings, so that the errors of both are reported together. Errors in settings or definitions prevent the
    /// application from starting; they are reported when it runs.
    /// </summary>
    /// <param name="builder">The builder of the application.</param>
    /// <param name="settings">The reader for the settings.</param>
    /// <param name="register">Adds the workflows.</param>
    /// <returns>The same builder.</returns>
    [<Extension>]
    static member AddGopherFlow
        (builder: WebApplicationBuilder, settings: SettingsReader, register: Action<GopherFlowRegistration>)
        =
        ArgumentNullException.ThrowIfNull builder
        ArgumentNullException.ThrowIfNull settings
        ArgumentNullException.ThrowIfNull register
        let startLog = StartLog()

        builder.Services
            .AddSingleton(startLog)
            .AddSingleton<UnknownSettings>(fun provider ->
                UnknownSettings(
                    builder.Configuration,
                    settings,
                    provider.GetRequiredService<ILogger<UnknownSettings>>()
                ))
            .AddHostedService<UnknownSettings>(fun provider -> provider.GetRequiredService<UnknownSettings>())
        |> ignore

        builder.Logging.AddFilter(
            "Microsoft.Extensions.Hosting.Internal.Host",
            fun level ->
                level >= LogLevel.Information
                && not (startLog.IsStarting && level = LogLevel.Error)
        )
        |> ignore

        try
            GopherFlowServer.AddParts(builder, settings, register)
        with :? SetupException as fault ->
            builder.Services
                .AddSingleton(SetupFault fault)
                .AddSingleton<IHostedService>(fun provider ->
                    provider.GetRequiredService<SetupFault>() :> IHostedService)
                .AddSingleton<WorkflowOperations>(fun _ -> raise fault)
            |> ignore

        builder

    /// <summary>
    /// Adds the engine with the workflows of the application, and the server. The settings are read from the configuration of
    /// the builder, which includes environment variables. Errors in settings or definitions prevent the application from starting; they are
    /// reported when it runs.
    /// </summary>
    /// <param name="builder">The builder of the application.</param>
    /// <param name="register">Adds the workflows.</param>
    /// <returns>The same builder.</returns>
    [<Extension>]
    static member AddGopherFlow(builder: WebApplicationBuilder, register: Action<GopherFlowRegistration>) =
        ArgumentNullException.ThrowIfNull builder
        GopherFlowServer.AddGopherFlow(builder, SettingsReader(fun name -> builder.Configuration[name]), register)

    /// <summary>
    /// Maps the API under <c>/api</c>, <c>/health/live</c> (the process is running), <c>/health/ready</c> (its executor can work),
    /// <c>/metrics</c>, and the console on all other paths for which the application has no route. With GFLOW_SERVER_ENABLED=false the API
    /// and the console are not mapped.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>The same application.</returns>
    [<Extension>]
    static member MapGopherFlow(endpoints: IEndpointRouteBuilder) =
        ArgumentNullException.ThrowIfNull endpoints

        if isNull (endpoints.ServiceProvider.GetService<SetupFault>()) then
            let services = Services.from endpoints.ServiceProvider
            Observation.map services endpoints

            if services.Settings.IsEnabled then
                Routes.map services endpoints

        endpoints

    /// <summary>
    /// Runs the application until it is stopped. Startup errors that the operator has to fix (invalid settings or definitions, an unusable
    /// database, a port in use) are written to standard error without a stack trace.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The exit code: 0 if it was stopped, even during startup; 1 if it cannot start.</returns>
    [<Extension>]
    static member RunGopherFlowAsync(app: WebApplication) : Task<int> =
        ArgumentNullException.ThrowIfNull app

        let cannotStart (reason: string) =
            Console.Error.WriteLine reason
            1

        task {
            use app = app
            let startLog = app.Services.GetRequiredService<StartLog>()

            try
                match app.Services.GetService<SetupFault>() with
                | null -> ()
                | faulty ->
                    app.Services.GetRequiredService<UnknownSettings>().Warn()
                    raise faulty.Exception

                startLog.IsStarting <- true
                do! app.StartAsync()
                startLog.IsStarting <- false
                do! app.WaitForShutdownAsync()
                return 0
            with
            | :? OperationCanceledException when startLog.IsStarting -> return 0
            | :? SetupException as fault -> return cannotStart fault.Message
            | :? IOException as fault when (fault.InnerException :? AddressInUseException) ->
                return cannotStart $"GopherFlow cannot start: {fault.Message}"
        }
