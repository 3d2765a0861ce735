using System.Diagnostics.Metrics;
using GopherFlow.Client;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Operations;
using GopherFlow.Operations.Imports;
using GopherFlow.Operations.Jobs;
using GopherFlow.Operations.Schedules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Hosting;

/// <summary>Registers the engine with the services of an application.</summary>
public static class EngineServices
{
    /// <summary>
    /// Registers the store, the executor, the client and the operations (such as <see cref="WorkflowOperations"/> and
    /// <see cref="Interventions"/>). The executor starts and stops with the host.
    /// </summary>
    /// <exception cref="InvalidDefinitionException">Definitions are invalid. The exception lists every error of all of them.</exception>
    /// <exception cref="InvalidSettingsException">The database requires a setting, but this overload reads no settings.</exception>
    public static IServiceCollection AddGopherFlowEngine(
        this IServiceCollection services,
        EngineOptions options,
        Action<GopherFlowRegistration> register
    )
    {
        ArgumentNullException.ThrowIfNull(register);
        var settings = new SettingsReader(static _ => null);
        var registration = new GopherFlowRegistration();
        register(registration);
        registration.ReadSettings(settings);
        settings.ThrowIfFaulty();
        return services.AddGopherFlowEngine(options, registration);
    }

    /// <summary>
    /// Registers the engine like <see cref="AddGopherFlowEngine(IServiceCollection, EngineOptions, Action{GopherFlowRegistration})"/>, from
    /// a registration whose settings have already been read.
    /// </summary>
    /// <exception cref="InvalidDefinitionException">Definitions are invalid. The exception lists every error of all of them.</exception>
    public static IServiceCollection AddGopherFlowEngine(
        this IServiceCollection services,
        EngineOptions options,
        GopherFlowRegistration registration
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(registration);
        options = options with { VariablesJson = registration.VariablesJson(options.VariablesJson) };
        registration.AddServices(services);
        services.AddSingleton(options);
        services.AddSingleton(registration.BuildFor(options));
        services.AddSingleton(registration.Webhooks);
        services.AddSingleton(_ => registration.CreateWebhookSender());
        services.TryAddSingleton(EngineClocks.Real);
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton(provider => new EngineMetrics(provider.GetService<IMeterFactory>()));
        services.AddSingleton(provider => new DefinitionCatalogue(
            provider.GetRequiredService<DefinitionRegistry>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<EngineClocks>().Process,
            options.VariablesJson
        ));
        AddStores(services, registration);
        services.AddSingleton(provider => new Executor(
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<DefinitionRegistry>(),
            provider.GetRequiredService<DefinitionCatalogue>(),
            provider.GetRequiredService<ChangeFeed>(),
            options,
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<EngineClocks>().Process,
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetService<StagedRun>()?.Random,
            provider.GetService<StagedRun>()?.Steps,
            // Lease threads use real time, so they are not used with a test clock.
            leaseThreads: provider.GetRequiredService<EngineClocks>().Database is null ? new LeaseThreads() : null,
            metrics: provider.GetRequiredService<EngineMetrics>()
        ));
        services.AddSingleton(provider => provider.GetRequiredService<Executor>().Health);
        services.AddSingleton(provider => provider.GetRequiredService<Executor>().Backlog);
        services.AddSingleton(provider => new WorkflowOperations(
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<DefinitionCatalogue>(),
            provider.GetRequiredService<ChangeFeed>(),
            provider.GetRequiredService<Executor>().Clock
        ));
        services.AddSingleton(provider => new Interventions(
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<DefinitionCatalogue>(),
            provider.GetRequiredService<Executor>().Clock
        ));
        services.AddSingleton(provider => new ImportOperations(
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<DefinitionCatalogue>(),
            provider.GetRequiredService<Executor>().Clock
        ));
        services.AddSingleton(provider => new SignalOperations(
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<WorkflowOperations>(),
            provider.GetRequiredService<Executor>().Clock,
            options.SignalsLimit
        ));
        services.AddSingleton<IWorkflowClient>(provider => new EngineWorkflowClient(
            new EngineCalls(
                provider.GetRequiredService<IWorkflowStore>(),
                provider.GetRequiredService<WorkflowOperations>(),
                provider.GetRequiredService<SignalOperations>(),
                provider.GetRequiredService<Interventions>(),
                provider.GetRequiredService<DefinitionCatalogue>().Serialization
            )
        ));
        services.AddSingleton(provider => new WorkflowTrace(
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>().Clock
        ));
        services.AddSingleton(provider => new VersionOperations(
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<DefinitionRegistry>(),
            provider.GetRequiredService<DefinitionCatalogue>(),
            provider.GetRequiredService<Executor>().Clock
        ));
        AddJobs(services, options);
        AddSchedules(services, registration);
        services.AddSingleton(provider => new ThroughputRecorder(
            provider.GetRequiredService<IThroughputLog>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<ILogger<ThroughputRecorder>>()
        ));
        services.AddHostedService<EngineHost>();
        return services;
    }

    private static void AddJobs(IServiceCollection services, EngineOptions options)
    {
        services.AddSingleton(provider => new JobRunner(
            provider.GetRequiredService<IJobStore>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            new JobSteps(
                provider.GetRequiredService<DefinitionCatalogue>(),
                provider.GetRequiredService<Executor>().VariablesLimit,
                options.SignalsLimit
            ),
            provider.GetRequiredService<ILogger<JobRunner>>()
        ));
        services.AddSingleton(provider => new JobOperations(
            provider.GetRequiredService<IJobStore>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<JobRunner>(),
            provider.GetRequiredService<DefinitionRegistry>(),
            provider.GetRequiredService<DefinitionCatalogue>()
        ));
    }

    private static void AddSchedules(IServiceCollection services, GopherFlowRegistration registration)
    {
        services.AddSingleton(registration.Schedules);
        services.AddSingleton(provider => new ScheduleRuns(provider.GetRequiredService<DefinitionCatalogue>()));
        services.AddSingleton(provider => new ScheduleFaults(
            provider.GetRequiredService<DefinitionCatalogue>(),
            provider.GetRequiredService<Executor>().VariablesLimit
        ));
        services.AddSingleton(provider => new ScheduleRunner(
            provider.GetRequiredService<IScheduleStore>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<ScheduleRuns>(),
            new ScheduleDeclaring(
                provider.GetRequiredService<DeclaredSchedules>(),
                provider.GetRequiredService<IScheduleStore>(),
                provider.GetRequiredService<ScheduleFaults>(),
                provider.GetRequiredService<ILogger<ScheduleDeclaring>>()
            ),
            provider.GetRequiredService<ILogger<ScheduleRunner>>(),
            provider.GetService<StagedRun>()?.SchedulesInterval
        ));
        services.AddSingleton(provider => new ScheduleOperations(
            provider.GetRequiredService<IScheduleStore>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<ScheduleRunner>(),
            provider.GetRequiredService<ScheduleRuns>(),
            provider.GetRequiredService<ScheduleFaults>(),
            provider.GetRequiredService<DeclaredSchedules>()
        ));
    }

    private static void AddStores(IServiceCollection services, GopherFlowRegistration registration)
    {
        services.AddSingleton(provider =>
            registration.OpenStores(provider.GetRequiredService<EngineClocks>().Database)
        );
        services.AddSingleton<IWorkflowStore>(provider => new MeasuredStore(
            provider.GetRequiredService<OpenedStores>().Workflows,
            provider.GetRequiredService<EngineMetrics>(),
            provider.GetRequiredService<EngineClocks>().Process
        ));
        services.AddSingleton(provider => provider.GetRequiredService<OpenedStores>().Accounts);
        services.AddSingleton(provider => provider.GetRequiredService<OpenedStores>().Audit);
        services.AddSingleton(provider => provider.GetRequiredService<OpenedStores>().Throughput);
        services.AddSingleton(provider => provider.GetRequiredService<OpenedStores>().Scripts);
        services.AddSingleton(provider => provider.GetRequiredService<OpenedStores>().Jobs);
        services.AddSingleton(provider => provider.GetRequiredService<OpenedStores>().Schedules);
    }
}
