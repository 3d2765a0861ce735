namespace GopherFlow.Server

open System
open System.Runtime.CompilerServices
open GopherFlow.Hosting
open GopherFlow.Settings
open GopherFlow.Storage
open GopherFlow.Scripting
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Routing
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.DependencyInjection.Extensions
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// <summary>Puts GopherFlow into a web application, in two lines: one before it is built and one after.</summary>
/// <example>
/// <code>
/// var builder = WebApplication.CreateBuilder(args);
/// builder.AddGopherFlow(flows => flows.UseSqlite().AddWorkflow&lt;GetIpWorkflow&gt;());
/// var app = builder.Build();
/// app.MapGopherFlow();
/// app.Run();
/// </code>
/// </example>
[<AbstractClass; Sealed; Extension>]
type GopherFlowServer =

    static member private Read(builder: WebApplicationBuilder, reader: SettingsReader) =
        let engine = EngineSettings.Read reader
        let scripts = ScriptSettings.read reader

        let server =
            Settings.read (builder.Environment.IsDevelopment()) builder.Configuration reader

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

    /// <summary>
    /// Adds the engine with the workflows of the application, and the server. The settings are read with a reader with which the
    /// application has read settings of its own, so that the faults of both are told together.
    /// </summary>
    /// <param name="builder">The builder of the application.</param>
    /// <param name="settings">The reader.</param>
    /// <param name="register">Adds the workflows.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="T:GopherFlow.Settings.InvalidSettingsException">Settings are faulty; it lists all of them.</exception>
    /// <exception cref="T:GopherFlow.Definitions.InvalidDefinitionException">Definitions are faulty; it lists every fault.</exception>
    [<Extension>]
    static member AddGopherFlow
        (builder: WebApplicationBuilder, settings: SettingsReader, register: Action<GopherFlowRegistration>)
        =
        ArgumentNullException.ThrowIfNull builder
        ArgumentNullException.ThrowIfNull settings
        ArgumentNullException.ThrowIfNull register
        let registration = GopherFlowRegistration()
        register.Invoke registration
        registration.ReadSettings settings
        let engine, scripts, server = GopherFlowServer.Read(builder, settings)

        builder.Services.AddGopherFlowEngine(engine, registration).AddGopherFlowScripts(scripts)
        |> ignore

        GopherFlowServer.Listen(builder, server)

        builder.Services
            .AddSingleton(server)
            .AddSingleton<Passwords>()
            .AddSingleton<SignInThrottle>()
            .AddHostedService(fun provider ->
                FirstAccount(
                    provider.GetRequiredService<IAccountStore>(),
                    server,
                    provider.GetRequiredService<Passwords>(),
                    provider.GetRequiredService<TimeProvider>(),
                    Console.Out,
                    provider.GetRequiredService<ILogger<FirstAccount>>()
                ))
        |> ignore

        builder

    /// <summary>
    /// Adds the engine with the workflows of the application, and the server. The settings are read from the configuration of
    /// the builder, so from the environment too.
    /// </summary>
    /// <param name="builder">The builder of the application.</param>
    /// <param name="register">Adds the workflows.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="T:GopherFlow.Settings.InvalidSettingsException">Settings are faulty; it lists all of them.</exception>
    /// <exception cref="T:GopherFlow.Definitions.InvalidDefinitionException">Definitions are faulty; it lists every fault.</exception>
    [<Extension>]
    static member AddGopherFlow(builder: WebApplicationBuilder, register: Action<GopherFlowRegistration>) =
        ArgumentNullException.ThrowIfNull builder
        GopherFlowServer.AddGopherFlow(builder, SettingsReader(fun name -> builder.Configuration[name]), register)

    /// <summary>
    /// Maps the API under <c>/api</c>, <c>/health</c>, and the console everywhere else where the application has no route of
    /// its own.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>The same application.</returns>
    [<Extension>]
    static member MapGopherFlow(endpoints: IEndpointRouteBuilder) =
        ArgumentNullException.ThrowIfNull endpoints
        Routes.map (Services.from endpoints.ServiceProvider) endpoints
        endpoints
