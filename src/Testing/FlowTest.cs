using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Operations;
using GopherFlow.Storage;
using GopherFlow.Testing.Running;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing;

/// <summary>
/// The engine for one test: the real rules and the real executor over the in-memory store, by a clock that the test turns. Every method
/// that ends in Async comes back when the engine is at rest: nothing runs, and nothing is due at this instant.
/// </summary>
/// <example>
/// <code>
/// await using var flow = await FlowTest.For&lt;Orders&gt;(services => services.AddSingleton&lt;IPayments&gt;(fake));
/// var run = await flow.StartAsync(new Order("pen", 2));
/// await run.UntilAsync("Approval");
/// await run.SignalAsync("Decision", new Decision(true));
/// await run.EndAsync("Done");
/// </code>
/// </example>
public sealed class FlowTest : IAsyncDisposable
{
    private readonly TestEngine engine;
    private int started;

    private FlowTest(TestEngine engine) => this.engine = engine;

    /// <summary>
    /// Whether <see cref="FlowRun.UntilAsync"/> and <see cref="FlowRun.EndAsync"/> turn the clock on to the next instant at which anything
    /// is due, again and again, so that neither timers nor retries take time; schedules that are due on the way start their runs. Default:
    /// true. When false only <see cref="Advance(TimeSpan)"/> turns it.
    /// </summary>
    public bool SkipWaits { get; set; } = true;

    /// <summary>How many waits one call skips at most, so that a workflow that loops for ever does not keep its test. Default: 10,000.</summary>
    public int MostSkips { get; set; } = 10_000;

    /// <summary>The virtual time.</summary>
    public DateTimeOffset Now => engine.Clock.GetUtcNow();

    /// <summary>The clock of the test, which the workflows get, too.</summary>
    public TimeProvider Clock => engine.Clock;

    /// <summary>The services of the test and of the engine, such as <see cref="SignalOperations"/> and <see cref="IWorkflowStore"/>.</summary>
    public IServiceProvider Services => engine.Services;

    /// <summary>Every workflow that there is, oldest first, however it was created.</summary>
    public IReadOnlyList<FlowRun> Runs =>
        [
            .. engine
                .Rows.SearchAsync(
                    new WorkflowSearch { Limit = int.MaxValue, WithVariables = false },
                    CancellationToken.None
                )
                .GetAwaiter()
                .GetResult()
                .Workflows.Select(workflow => new FlowRun(this, engine, workflow))
                .Reverse(),
        ];

    /// <summary>Begins a test of one workflow class.</summary>
    /// <param name="services">Adds what its constructor asks for.</param>
    /// <exception cref="InvalidDefinitionException">The class is faulty.</exception>
    public static Task<FlowTest> For<TWorkflow>(Action<IServiceCollection>? services = null)
        where TWorkflow : Workflow => With(flow => WithServices(flow.AddWorkflow<TWorkflow>(), services));

    /// <summary>Begins a test of a definition made in code or read from a script.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="services">Adds what its functions ask for.</param>
    /// <exception cref="InvalidDefinitionException">The definition is faulty.</exception>
    public static Task<FlowTest> For(WorkflowDefinition definition, Action<IServiceCollection>? services = null) =>
        With(flow => WithServices(flow.AddDefinition(definition), services));

    /// <summary>Begins a test of several workflows: <c>FlowTest.With(flow => flow.AddWorkflow&lt;A&gt;().AddWorkflow&lt;B&gt;())</c>.</summary>
    /// <exception cref="InvalidDefinitionException">A definition is faulty.</exception>
    /// <exception cref="ArgumentException">There is no workflow, or a schedule is faulty.</exception>
    public static async Task<FlowTest> With(Func<FlowTestBuilder, FlowTestBuilder> plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var engine = new TestEngine(plan(new FlowTestBuilder()));
        try
        {
            await engine.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            await engine.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new FlowTest(engine);
    }

    /// <summary>Starts a workflow of the type that was added first, and runs what is due at once.</summary>
    /// <param name="input">
    /// The variables to start with: <see cref="Variables"/>, or anything whose JSON is an object, such as a record or a dictionary.
    /// </param>
    /// <param name="businessKey">What it is about.</param>
    /// <exception cref="RejectedRequestException">The input does not fit.</exception>
    public Task<FlowRun> StartAsync(object? input = null, string businessKey = "test") =>
        StartDefinitionAsync(engine.Definitions[0].Name, input, businessKey);

    /// <summary>Starts a workflow of a class, and runs what is due at once.</summary>
    /// <param name="input">The variables to start with.</param>
    /// <param name="businessKey">What it is about.</param>
    /// <exception cref="RejectedRequestException">The input does not fit.</exception>
    public Task<FlowRun> StartAsync<TWorkflow>(object? input = null, string businessKey = "test")
        where TWorkflow : Workflow =>
        StartDefinitionAsync(KnownClass<TWorkflow>.Value.Definition.Name, input, businessKey);

    /// <summary>Starts a workflow of a type, and runs what is due at once.</summary>
    /// <param name="workflowType">The name of its definition.</param>
    /// <param name="input">The variables to start with.</param>
    /// <param name="businessKey">What it is about.</param>
    /// <exception cref="RejectedRequestException">There is no such definition, or the input does not fit.</exception>
    public Task<FlowRun> StartAsync(string workflowType, object? input = null, string businessKey = "test") =>
        StartDefinitionAsync(workflowType, input, businessKey);

    /// <summary>
    /// Turns the clock on; whatever becomes due on the way (timers, retries, deadlines, schedules) runs at its own instant. It comes back
    /// when the engine is at rest. Not for code that the engine runs.
    /// </summary>
    public void Advance(double days = 0, double hours = 0, double minutes = 0, double seconds = 0) =>
        Advance(
            TimeSpan.FromDays(days)
                + TimeSpan.FromHours(hours)
                + TimeSpan.FromMinutes(minutes)
                + TimeSpan.FromSeconds(seconds)
        );

    /// <summary>The same, by a duration.</summary>
    public void Advance(TimeSpan by) => AdvanceAsync(by).GetAwaiter().GetResult();

    /// <summary>The same, without holding the caller's thread meanwhile.</summary>
    public Task AdvanceAsync(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        ThrowIfCalledByEngine();
        return engine.Turned is null
            ? throw new InvalidOperationException(
                "This test has a clock of its own; turn that, and then call SettleAsync."
            )
            : PatientlyAsync(() => engine.TurnToAsync(Now + by));
    }

    /// <summary>Waits until the engine is at rest: for tests that turn a clock of their own, or change something beside the kit.</summary>
    /// <exception cref="FlowTestException">A function does not end.</exception>
    public Task SettleAsync()
    {
        ThrowIfCalledByEngine();
        return PatientlyAsync(() => engine.SettleAsync());
    }

    /// <summary>Has an attempt fail: in place of the function the exception is thrown, once.</summary>
    /// <param name="state">The state.</param>
    /// <param name="attempt">Which attempt; 1 is the first.</param>
    /// <param name="failure">What is thrown.</param>
    /// <exception cref="ArgumentException">No workflow of the test has a state of that name that runs.</exception>
    public void FailAt(string state, int attempt, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        engine.Watch.Faults.Add(new StepFault.Failure(Known(state), Positive(attempt), failure));
    }

    /// <summary>
    /// Has the executor die, once, after the function of an attempt has run and before it is committed. Nothing of the attempt is written,
    /// another executor takes the workflow over, and the step runs again with the same step key. That costs it no retry.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="attempt">Which attempt; 1 is the first.</param>
    /// <exception cref="ArgumentException">No workflow of the test has a state of that name that runs.</exception>
    public void CrashAt(string state, int attempt = 1) =>
        engine.Watch.Faults.Add(new StepFault.Crash(Known(state), Positive(attempt)));

    /// <summary>
    /// Holds an attempt, once, before its function begins: for what happens to a workflow while a step runs. A held step counts as at rest.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="attempt">Which attempt; 1 is the first.</param>
    /// <returns>Lets the attempt begin.</returns>
    /// <exception cref="ArgumentException">No workflow of the test has a state of that name that runs.</exception>
    public StepHold HoldAt(string state, int attempt = 1)
    {
        var hold = new StepHold();
        engine.Watch.Faults.Add(new StepFault.Hold(Known(state), Positive(attempt), hold.Released));
        return hold;
    }

    /// <summary>
    /// Runs the history of a real workflow against the definition of this test that has the name of its type, with the services of the test:
    /// see <see cref="Replay"/>.
    /// </summary>
    /// <param name="export">The history. One without a type is that of the definition that was added first.</param>
    /// <param name="options">How it is made.</param>
    /// <exception cref="ArgumentException">The test has no such definition.</exception>
    public Task<ReplayReport> ReplayAsync(RunExport export, ReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(export);
        var type = export.WorkflowType ?? engine.Definitions[0].Name;
        var definition = engine.Definitions.LastOrDefault(each => each.Name == type);
        return Replay.RunAsync(
            export,
            definition ?? throw new ArgumentException($"This test has no {type}.", nameof(export)),
            Services,
            options
        );
    }

    /// <summary>Stops the engine.</summary>
    public ValueTask DisposeAsync() => engine.DisposeAsync();

    /// <summary>Does something as the engine's next turn, and waits until it is at rest.</summary>
    internal async Task<T> DoAsync<T>(Func<Task<T>> function)
    {
        ThrowIfCalledByEngine();
        var done = engine.RunAsync(function);
        await PatientlyAsync(() => engine.SettleAsync(after: done)).ConfigureAwait(false);
        return await done.ConfigureAwait(false);
    }

    /// <summary>Turns the clock to the next instant at which anything is due.</summary>
    /// <returns>False when nothing is due any more, or the kit does not turn the clock.</returns>
    internal async Task<bool> SkipAsync()
    {
        if (!SkipWaits || engine.Turned is null || engine.NextDue() is not { } due)
        {
            return false;
        }

        await PatientlyAsync(() => engine.TurnToAsync(due)).ConfigureAwait(false);
        return true;
    }

    private static FlowTestBuilder WithServices(FlowTestBuilder plan, Action<IServiceCollection>? services) =>
        services is null ? plan : plan.Services(services);

    private static int Positive(int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        return attempt;
    }

    private async Task<FlowRun> StartDefinitionAsync(string workflowType, object? input, string businessKey)
    {
        var create = new CreateWorkflow
        {
            ExternalId = $"test-{Interlocked.Increment(ref started)}",
            WorkflowType = workflowType,
            BusinessKey = businessKey,
            StateVars = engine.Json.VariablesOf(input),
            CreatedBy = FlowRun.Actor,
        };
        var created = await DoAsync(() => Services.GetRequiredService<WorkflowOperations>().CreateAsync(create))
            .ConfigureAwait(false);
        return new FlowRun(this, engine, engine.Find(created.Id));
    }

    private async Task PatientlyAsync(Func<Task> wait)
    {
        try
        {
            await wait().ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var running = string.Join("; ", engine.Watch.Calls.Where(call => !call.Rests));
            throw new FlowTestException(
                "the engine to come to rest",
                running.Length > 0
                    ? $"after {engine.RealTimeout.TotalSeconds} s by a real clock the function still runs of {running}"
                    : $"after {engine.RealTimeout.TotalSeconds} s by a real clock the engine still has something to do"
            );
        }
    }

    private void ThrowIfCalledByEngine()
    {
        if (engine.IsCalledByEngine)
        {
            throw new InvalidOperationException(
                "Code that the engine runs cannot wait for the engine; call this from the test."
            );
        }
    }

    private string Known(string state)
    {
        var known = engine.Definitions.SelectMany(definition => definition.States).Where(known => known.Runs).ToList();
        return known.Exists(each => each.Name == state)
            ? state
            : throw new ArgumentException(
                $"No workflow of this test has a state '{state}' that runs; there are {string.Join(", ", known.Select(each => each.Name).Distinct())}.",
                nameof(state)
            );
    }
}
