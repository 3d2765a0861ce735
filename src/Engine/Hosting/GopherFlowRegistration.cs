using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Operations.Schedules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Hosting;

/// <summary>
/// Collects the workflows of an application, and the databases that it can use. All errors are reported together when the host starts.
/// </summary>
public sealed class GopherFlowRegistration
{
    private readonly List<WorkflowDefinition> definitions = [];
    private readonly List<DefinitionFault> faults = [];
    private readonly List<Database> databases = [];
    private readonly List<Action<JsonSerializerOptions>> variables = [];
    private readonly List<Action<IServiceCollection>> services = [];
    private readonly List<DeclaredSchedule> schedules = [];
    private Func<TimeProvider?, OpenedStores>? open;
    private HttpMessageHandler? stagedReceivers;

    /// <summary>Adds a workflow class, and the schedules that its attributes declare.</summary>
    public GopherFlowRegistration AddWorkflow<TWorkflow>()
        where TWorkflow : Workflow
    {
        var (definition, found) = WorkflowClassReader.Read(typeof(TWorkflow));
        definitions.Add(definition);
        faults.AddRange(found);
        foreach (var schedule in DeclaredSchedule.On(typeof(TWorkflow), definition.Name))
        {
            AddSchedule(schedule);
        }

        return this;
    }

    /// <summary>
    /// Declares a schedule that starts workflows of a class, such as <c>AddSchedule&lt;NightlyReport&gt;("nightly", "0 2 * * *")</c>. It is
    /// stored when the application starts, and updated when the declaration has changed. Users can pause it, but not edit it.
    /// </summary>
    /// <param name="name">The name of the schedule: letters from a to z, digits and <c>. _ -</c>.</param>
    /// <param name="cron">A cron expression of five fields, or of six with the seconds first.</param>
    /// <param name="change">Changes other settings, for example <c>schedule => schedule with { TimeZone = "Europe/Berlin" }</c>.</param>
    public GopherFlowRegistration AddSchedule<TWorkflow>(
        string name,
        string cron,
        Func<ScheduleDefinition, ScheduleDefinition>? change = null
    )
        where TWorkflow : Workflow =>
        AddSchedule(name, WorkflowClassReader.Read(typeof(TWorkflow)).Definition.Name, cron, change);

    /// <summary>
    /// Declares a schedule that starts workflows of a definition by its name. It is stored when the application starts, and updated when
    /// the declaration has changed. Users can pause it, but not edit it.
    /// </summary>
    /// <param name="name">The name of the schedule: letters from a to z, digits and <c>. _ -</c>.</param>
    /// <param name="workflowType">The name of the definition, which may be a script.</param>
    /// <param name="cron">A cron expression of five fields, or of six with the seconds first.</param>
    /// <param name="change">Changes other settings, for example <c>schedule => schedule with { TimeZone = "Europe/Berlin" }</c>.</param>
    public GopherFlowRegistration AddSchedule(
        string name,
        string workflowType,
        string cron,
        Func<ScheduleDefinition, ScheduleDefinition>? change = null
    )
    {
        var schedule = new ScheduleDefinition { WorkflowType = workflowType, Cron = cron };
        return AddSchedule(new DeclaredSchedule(name, change?.Invoke(schedule) ?? schedule));
    }

    internal GopherFlowRegistration AddSchedule(DeclaredSchedule schedule)
    {
        if (Schedules.Has(schedule.Name))
        {
            faults.Add(
                new DefinitionFault(
                    schedule.Definition.WorkflowType,
                    null,
                    $"has a schedule '{schedule.Name}', and so has {schedules.First(other => other.Name == schedule.Name).Definition.WorkflowType}; give each a name of its own"
                )
            );
        }

        schedules.Add(schedule);
        return this;
    }

    /// <summary>Adds a definition, for example one from a <see cref="WorkflowDefinitionBuilder"/>.</summary>
    public GopherFlowRegistration AddDefinition(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        definitions.Add(definition);
        return this;
    }

    /// <summary>
    /// Changes the serializer options for the values of variables, in C# and in F#, for example with <c>json =>
    /// json.Converters.Add(...)</c>. Converters that are added here take precedence over existing ones.
    /// </summary>
    public GopherFlowRegistration ConfigureVariables(Action<JsonSerializerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        variables.Add(configure);
        return this;
    }

    /// <summary>
    /// Adds a database that the application can use. If there are several, GFLOW_DATABASE_TYPE selects one; the first is the default.
    /// </summary>
    public GopherFlowRegistration UseDatabase(Database database)
    {
        ArgumentNullException.ThrowIfNull(database);
        databases.Add(database);
        return this;
    }

    /// <summary>Adds services. Meant for extensions of GopherFlow in other packages.</summary>
    public GopherFlowRegistration ConfigureServices(Action<IServiceCollection> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.Add(configure);
        return this;
    }

    /// <summary>Whether an extension has registered a service.</summary>
    public bool Provides<TService>()
    {
        var added = new ServiceCollection();
        AddServices(added);
        return added.Any(service => service.ServiceType == typeof(TService));
    }

    /// <summary>Adds the services of all extensions.</summary>
    internal void AddServices(IServiceCollection to) => services.ForEach(configure => configure(to));

    /// <summary>Reads the settings of the database and of webhooks. Errors are collected in the reader.</summary>
    public void ReadSettings(SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (stagedReceivers is null)
        {
            Webhooks = WebhookSettings.Read(settings);
        }

        if (databases.Count == 0)
        {
            return;
        }

        var names = databases
            .SelectMany(database => database.Names.Select(name => KeyValuePair.Create(name, database)))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        open = settings.Choice("GFLOW_DATABASE_TYPE", databases[0], names).Read(settings);
    }

    /// <summary>The webhook receivers from the settings.</summary>
    internal WebhookTargets Webhooks { get; private set; } = WebhookTargets.None;

    /// <summary>Creates the sender that posts to the webhook receivers.</summary>
    internal WebhookSender CreateWebhookSender() =>
        stagedReceivers is null ? new WebhookSender(Webhooks) : new WebhookSender(Webhooks, stagedReceivers);

    /// <summary>For tests: sets receivers without settings. The test registers the definitions of their deliveries.</summary>
    internal void StageWebhooks(WebhookTargets receivers, HttpMessageHandler answers)
    {
        Webhooks = receivers;
        stagedReceivers = answers;
    }

    /// <summary>The declared schedules.</summary>
    internal DeclaredSchedules Schedules => new(schedules);

    /// <summary>The serializer options for variables: those given, with the changes of this registration.</summary>
    internal JsonSerializerOptions? VariablesJson(JsonSerializerOptions? before)
    {
        if (variables.Count == 0)
        {
            return before;
        }

        var json = new JsonSerializerOptions(before ?? Variables.DefaultSerialization);
        JsonConverter[] last = [.. json.Converters];
        json.Converters.Clear();
        variables.ForEach(configure => configure(json));
        foreach (var converter in last)
        {
            json.Converters.Add(converter);
        }

        return json;
    }

    /// <summary>Opens the stores of the selected database.</summary>
    /// <param name="clock">A clock to use instead of the database's; null for the database's own.</param>
    /// <exception cref="StoreSetupException">No database was added.</exception>
    internal OpenedStores OpenStores(TimeProvider? clock) =>
        open?.Invoke(clock)
        ?? throw new StoreSetupException(
            "No database is registered. Call UseSqlite(), UsePostgres(), UseMySql() or UseInMemory() where the application registers its workflows."
        );

    /// <summary>Validates the added definitions and returns them as a registry.</summary>
    /// <exception cref="InvalidDefinitionException">Definitions are invalid. The exception lists all errors.</exception>
    public DefinitionRegistry Build() => DefinitionRegistry.Of(definitions, faults);

    /// <summary>
    /// Like <see cref="Build"/>, plus the definitions of webhook deliveries. A process that runs workflows must have settings for all
    /// webhooks of its definitions.
    /// </summary>
    /// <exception cref="InvalidDefinitionException">Definitions are invalid. The exception lists all errors.</exception>
    internal DefinitionRegistry BuildFor(EngineOptions options) =>
        DefinitionRegistry.Of(
            stagedReceivers is null ? [.. definitions, .. Webhooks.Names.Select(WebhookDelivery.For)] : definitions,
            options.IsEnabled ? [.. faults, .. definitions.SelectMany(Webhooks.FaultsOf)] : faults
        );
}
