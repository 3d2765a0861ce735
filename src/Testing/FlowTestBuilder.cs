using System.Data.Common;
using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using GopherFlow.Operations.Schedules;
using GopherFlow.Settings;
using GopherFlow.Testing.Running;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing;

/// <summary>Configures a <see cref="FlowTest"/>. Every method returns the same builder, for chaining.</summary>
public sealed class FlowTestBuilder
{
    private readonly List<WorkflowDefinition> definitions = [];
    private readonly List<DefinitionFault> faults = [];
    private readonly List<Action<GopherFlowRegistration>> variables = [];
    private readonly List<Action<IServiceCollection>> services = [];
    private readonly List<DeclaredSchedule> schedules = [];

    internal FlowTestBuilder() { }

    internal TimeProvider? CustomClock { get; private set; }

    internal DateTimeOffset Start { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal TimeSpan CustomTimeout { get; private set; } = TimeSpan.FromSeconds(30);

    internal Func<DbTransaction>? BeginTransaction { get; private set; }

    /// <summary>
    /// The defaults of an application, except for intervals that would only fire while the test skips years. A .NET timer is limited to 49
    /// days.
    /// </summary>
    internal EngineOptions Options { get; private set; } =
        new()
        {
            ExecutorName = "test",
            Lease = TimeSpan.FromDays(60),
            CheckDbInterval = TimeSpan.FromDays(40),
            StuckWorkflowsInterval = TimeSpan.FromDays(40),
            RetentionInterval = TimeSpan.Zero,
            CreateWait = TimeSpan.Zero,
        };

    /// <summary>Adds a workflow class. The first one added is the default for <see cref="FlowTest.StartAsync(object, string)"/>.</summary>
    public FlowTestBuilder AddWorkflow<TWorkflow>()
        where TWorkflow : Workflow
    {
        definitions.Add(KnownClass<TWorkflow>.Value.Definition);
        faults.AddRange(KnownClass<TWorkflow>.Value.Faults);
        schedules.AddRange(DeclaredSchedule.On(typeof(TWorkflow), KnownClass<TWorkflow>.Value.Definition.Name));
        return this;
    }

    /// <summary>
    /// Declares a schedule that starts workflows of a class, as in the application: <c>AddSchedule&lt;Report&gt;("nightly", "0 2 * * *")</c>.
    /// Schedules declared by attributes are added with their class.
    /// </summary>
    /// <param name="name">The name of the schedule: letters from a to z, digits and <c>. _ -</c>.</param>
    /// <param name="cron">A cron expression of five fields, or of six with the seconds first.</param>
    /// <param name="change">Changes the defaults, for example <c>schedule => schedule with { TimeZone = "Europe/Berlin" }</c>.</param>
    public FlowTestBuilder AddSchedule<TWorkflow>(
        string name,
        string cron,
        Func<ScheduleDefinition, ScheduleDefinition>? change = null
    )
        where TWorkflow : Workflow => AddSchedule(name, KnownClass<TWorkflow>.Value.Definition.Name, cron, change);

    /// <summary>Declares a schedule that starts workflows of a definition, by its name.</summary>
    /// <param name="name">The name of the schedule.</param>
    /// <param name="workflowType">The name of the definition.</param>
    /// <param name="cron">A cron expression of five fields, or of six with the seconds first.</param>
    /// <param name="change">Changes the defaults of the schedule.</param>
    public FlowTestBuilder AddSchedule(
        string name,
        string workflowType,
        string cron,
        Func<ScheduleDefinition, ScheduleDefinition>? change = null
    )
    {
        var schedule = new ScheduleDefinition { WorkflowType = workflowType, Cron = cron };
        schedules.Add(new DeclaredSchedule(name, change?.Invoke(schedule) ?? schedule));
        return this;
    }

    /// <summary>Adds a definition that was built in code or read from a script.</summary>
    public FlowTestBuilder AddDefinition(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        definitions.Add(definition);
        return this;
    }

    /// <summary>Registers the services that the workflows need, such as fakes of external systems.</summary>
    public FlowTestBuilder Services(Action<IServiceCollection> add)
    {
        ArgumentNullException.ThrowIfNull(add);
        services.Add(add);
        return this;
    }

    /// <summary>Configures the JSON serialization of variables, as in the application.</summary>
    public FlowTestBuilder ConfigureVariables(Action<JsonSerializerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        variables.Add(flow => flow.ConfigureVariables(configure));
        return this;
    }

    /// <summary>Changes the options of the engine, such as the executor groups that it serves.</summary>
    public FlowTestBuilder ConfigureEngine(Func<EngineOptions, EngineOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Options = change(Options);
        return this;
    }

    /// <summary>Sets the virtual time at which the test starts. Default: 2026-01-01 00:00 UTC.</summary>
    public FlowTestBuilder StartAt(DateTimeOffset instant)
    {
        Start = instant;
        return this;
    }

    /// <summary>
    /// Uses your own clock instead of the kit's, such as a FakeTimeProvider. You advance it yourself, and no waits are skipped. After
    /// advancing it, call <see cref="FlowTest.SettleAsync"/> to wait until everything that became due has run.
    /// </summary>
    public FlowTestBuilder UseClock(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        CustomClock = clock;
        return this;
    }

    /// <summary>
    /// Sets a function that begins the transaction for OnCommit callbacks, on a database of your choice. Without it, a step with a callback
    /// fails, because the in-memory store has no database.
    /// </summary>
    public FlowTestBuilder UseTransactions(Func<DbTransaction> begin)
    {
        ArgumentNullException.ThrowIfNull(begin);
        BeginTransaction = begin;
        return this;
    }

    /// <summary>
    /// Sets how long, in real time, a call waits for state functions that do not end before it fails. Default: 30 seconds.
    /// </summary>
    public FlowTestBuilder RealTimeout(TimeSpan timeout)
    {
        CustomTimeout = timeout;
        return this;
    }

    /// <summary>The validated definitions.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    internal IReadOnlyList<WorkflowDefinition> Definitions() =>
        definitions.Count + faults.Count > 0
            ? [.. DefinitionRegistry.Of(definitions, faults).OfProgram]
            : throw new ArgumentException("A test needs a workflow: call AddWorkflow or AddDefinition.");

    internal void Register(GopherFlowRegistration registration, IEnumerable<WorkflowDefinition> watched)
    {
        variables.ForEach(configure => configure(registration));
        foreach (var definition in watched)
        {
            registration.AddDefinition(definition);
        }

        schedules.ForEach(schedule => registration.AddSchedule(schedule));
    }

    internal void AddServices(IServiceCollection collection) => services.ForEach(add => add(collection));
}
