namespace GopherFlow.Server

open System
open System.Threading
open GopherFlow.Definitions
open GopherFlow.Execution
open GopherFlow.Operations
open GopherFlow.Operations.Imports
open GopherFlow.Operations.Jobs
open GopherFlow.Operations.Schedules
open GopherFlow.Storage
open GopherFlow.Scripting
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// The services that the handlers use; one instance per process.
type Services = {
    Settings: ServerSettings
    Operations: WorkflowOperations
    Interventions: Interventions
    Signals: SignalOperations
    Imports: ImportOperations
    Jobs: JobOperations
    Schedules: ScheduleOperations
    Trace: WorkflowTrace
    Versions: VersionOperations
    Scripts: ScriptOperations
    Store: IWorkflowStore
    Accounts: IAccountStore
    /// Looks up a key by its hash.
    ApiKeys: SharedLookup<ApiKeyOwner | null>
    /// Looks up a session by the hash of its secret.
    Sessions: SharedLookup<SessionRecord | null>
    Feed: ChangeFeed
    Registry: DefinitionRegistry
    Health: EngineHealth
    SettingsTable: SettingsTable
    Groups: ServedGroups
    Rights: Rights
    Streams: OpenStreams
    Passwords: Passwords
    PasswordWork: PasswordWork
    Throttle: SignInThrottle
    AuditLog: IAuditLog
    Throughput: IThroughputLog
    UsualTimes: UsualTimes
    AuditWriter: AuditWriter
    /// The database's clock.
    Clock: TimeProvider
    /// Cancelled when the host begins to shut down.
    Stopping: CancellationToken
    Logger: ILogger
}

module internal Services =

    /// Resolves the services from the container that AddGopherFlow has set up.
    let from (provider: IServiceProvider) =
        let accounts = provider.GetRequiredService<IAccountStore>()
        let clock = provider.GetRequiredService<WorkflowOperations>().Clock
        let none = CancellationToken.None

        {
            Settings = provider.GetRequiredService<ServerSettings>()
            Operations = provider.GetRequiredService<WorkflowOperations>()
            Interventions = provider.GetRequiredService<Interventions>()
            Signals = provider.GetRequiredService<SignalOperations>()
            Imports = provider.GetRequiredService<ImportOperations>()
            Jobs = provider.GetRequiredService<JobOperations>()
            Schedules = provider.GetRequiredService<ScheduleOperations>()
            Trace = provider.GetRequiredService<WorkflowTrace>()
            Versions = provider.GetRequiredService<VersionOperations>()
            Scripts = provider.GetRequiredService<ScriptOperations>()
            Store = provider.GetRequiredService<IWorkflowStore>()
            Accounts = accounts
            ApiKeys = SharedLookup(fun hash -> accounts.FindApiKeyAsync(hash, clock.GetUtcNow(), none))
            Sessions = SharedLookup(fun hash -> accounts.FindSessionAsync(hash, clock.GetUtcNow(), none))
            Feed = provider.GetRequiredService<ChangeFeed>()
            Registry = provider.GetRequiredService<DefinitionRegistry>()
            Health = provider.GetRequiredService<EngineHealth>()
            SettingsTable = provider.GetRequiredService<SettingsTable>()
            Groups = provider.GetRequiredService<ServedGroups>()
            Rights = provider.GetRequiredService<Rights>()
            Streams = provider.GetRequiredService<OpenStreams>()
            Passwords = provider.GetRequiredService<Passwords>()
            PasswordWork = provider.GetRequiredService<PasswordWork>()
            Throttle = provider.GetRequiredService<SignInThrottle>()
            AuditLog = provider.GetRequiredService<IAuditLog>()
            Throughput = provider.GetRequiredService<IThroughputLog>()
            UsualTimes = UsualTimes(provider.GetRequiredService<IWorkflowStore>(), clock)
            AuditWriter = provider.GetRequiredService<AuditWriter>()
            Clock = clock
            Stopping = provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
            Logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger "GopherFlow.Server"
        }

    /// Whether this process can run a version now.
    let canRun (services: Services) (key: DefinitionKey) =
        services.Registry.CanRun key && not (services.Registry.IsDisabled key.Name)
