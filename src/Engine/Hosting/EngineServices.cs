using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Operations;
using GopherFlow.Persistence;
using GopherFlow.Persistence.InMemory;
using GopherFlow.Persistence.MySql;
using GopherFlow.Persistence.Postgres;
using GopherFlow.Persistence.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Hosting;

/// <summary>Puts the engine into an application.</summary>
public static class EngineServices
{
    /// <summary>
    /// Adds the store, the executor and <see cref="WorkflowOperations"/>, and has the executor start and stop with the host.
    /// </summary>
    /// <exception cref="InvalidDefinitionException">A definition is faulty; the exception lists every fault of all of them.</exception>
    public static IServiceCollection AddGopherFlowEngine(
        this IServiceCollection services,
        EngineOptions options,
        Action<GopherFlowRegistration> register
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(register);
        var registration = new GopherFlowRegistration();
        register(registration);
        services.AddSingleton(options);
        services.AddSingleton(registration.Build());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<DefinitionCatalogue>();
        AddStore(services, options);
        services.AddSingleton(provider => new Executor(
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<DefinitionRegistry>(),
            provider.GetRequiredService<DefinitionCatalogue>(),
            provider.GetRequiredService<ChangeFeed>(),
            options,
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()
        ));
        services.AddSingleton(provider => new WorkflowOperations(
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<DefinitionCatalogue>(),
            provider.GetRequiredService<ChangeFeed>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(provider => new VersionOperations(
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<DefinitionRegistry>(),
            provider.GetRequiredService<DefinitionCatalogue>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddHostedService<EngineHost>();
        return services;
    }

    private static void AddStore(IServiceCollection services, EngineOptions options)
    {
        switch (options.Database)
        {
            case DatabaseType.InMemory:
                AddStore(services, () => new InMemoryStore(), store => (store.Accounts, store.Scripts));
                break;
            case DatabaseType.Postgres:
                AddStore(services, () => new PostgresStore(UrlOf(options)), store => (store.Accounts, store.Scripts));
                break;
            case DatabaseType.MySql:
                AddStore(services, () => new MySqlStore(UrlOf(options)), store => (store.Accounts, store.Scripts));
                break;
            case DatabaseType.Sqlite:
                AddStore(
                    services,
                    () => new SqliteStore(options.SqliteFile, options.SqliteSynchronous),
                    store => (store.Accounts, store.Scripts)
                );
                break;
            default:
                throw new StoreSetupException($"There is no store for {options.Database} in this program yet.");
        }
    }

    private static void AddStore<TStore>(
        IServiceCollection services,
        Func<TStore> open,
        Func<TStore, (IAccountStore Accounts, IScriptStore Scripts)> besides
    )
        where TStore : class, IWorkflowStore
    {
        services.AddSingleton(_ => open());
        services.AddSingleton<IWorkflowStore>(provider => provider.GetRequiredService<TStore>());
        services.AddSingleton(provider => besides(provider.GetRequiredService<TStore>()).Accounts);
        services.AddSingleton(provider => besides(provider.GetRequiredService<TStore>()).Scripts);
    }

    private static string UrlOf(EngineOptions options) =>
        options.DatabaseUrl?.ConnectionString
        ?? throw new StoreSetupException($"GFLOW_DATABASE_URL is not set; {options.Database} needs it.");
}
