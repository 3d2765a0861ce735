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

/// <summary>What a <see cref="FlowTest"/> consists of. Every method gives the same builder back, for chaining.</summary>
public sealed class FlowTestBuilder
{
    private readonly List<WorkflowDefinition> definitions = [];
    private readonly List<DefinitionFault> faults = [];
    private readonly List<Action<GopherFlowRegistration>> variables = [];
    private readonly List<Action<IServiceCollection>> services = [];
    private readonly List<DeclaredSchedule> schedules = [];

    internal FlowTestBuilder() { }

    internal TimeProvider? GivenClock { get; private set; }

    internal DateTimeOffset Start { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal TimeSpan GivenRealTimeout { get; private set; } = TimeSpan.FromSeconds(30);

    internal Func<DbTransaction>? BeginTransaction { get; private set; }

    /// <summary>
    /// As an application has it, but for what would only fire while years are skipped. A timer of .NET goes no further than 49 days.
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

    /// <summary>Adds a workflow class. The first that is added is the one that is started when no type is named.</summary>
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
    /// <param name="change">Changes what is not as it should be, such as <c>schedule => schedule with { TimeZone = "Europe/Berlin" }</c>.</param>
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
    /// <param name="change">Changes what is not as it should be.</param>
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

    /// <summary>Adds a definition made in code or read from a script.</summary>
    public FlowTestBuilder AddDefinition(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        definitions.Add(definition);
        return this;
    }

    /// <summary>Adds the services that the workflows ask for, such as fakes of what is outside.</summary>
    public FlowTestBuilder Services(Action<IServiceCollection> add)
    {
        ArgumentNullException.ThrowIfNull(add);
        services.Add(add);
        return this;
    }

    /// <summary>Changes how the values of variables become JSON, as in the application.</summary>
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

    /// <summary>The instant at which the test begins. Default: the beginning of 2026, in UTC.</summary>
    public FlowTestBuilder StartAt(DateTimeOffset instant)
    {
        Start = instant;
        return this;
    }

    /// <summary>
    /// A clock that you turn yourself in place of the kit's own, such as a FakeTimeProvider. Nothing skips a wait then;
    /// <see cref="FlowTest.SettleAsync"/> waits until what your turn has made due has run.
    /// </summary>
    public FlowTestBuilder UseClock(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        GivenClock = clock;
        return this;
    }

    /// <summary>
    /// Begins the transaction that OnCommit callbacks get: one of a database that you have at hand. Without it a step with a callback
    /// fails, for in memory there is no database.
    /// </summary>
    public FlowTestBuilder UseTransactions(Func<DbTransaction> begin)
    {
        ArgumentNullException.ThrowIfNull(begin);
        BeginTransaction = begin;
        return this;
    }

    /// <summary>Sets how long a call of the kit waits by the real clock for functions that do not end. Default: 30 seconds.</summary>
    public FlowTestBuilder RealTimeout(TimeSpan timeout)
    {
        GivenRealTimeout = timeout;
        return this;
    }

    /// <summary>The definitions, checked.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
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
