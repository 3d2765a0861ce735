using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Operations;
using GopherFlow.Storage;
using GopherFlow.Testing.Running;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing;

/// <summary>
/// The engine for one test: the real rules and the real executor with an in-memory store and a virtual clock that the test advances. Every
/// method whose name ends in Async completes when the engine is idle: nothing is running, and nothing is due at the current instant.
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
    /// Whether <see cref="FlowRun.UntilAsync"/> and <see cref="FlowRun.EndAsync"/> repeatedly advance the clock to the next instant at
    /// which anything is due, so that timers and retries take no real time. Schedules that become due on the way start their runs.
    /// Default: true. When false, only <see cref="Advance(TimeSpan)"/> advances the clock.
    /// </summary>
    public bool SkipWaits { get; set; } = true;

    /// <summary>
    /// The maximum number of waits that one call skips, so that a workflow that loops forever fails its test instead of hanging. Default:
    /// 10,000.
    /// </summary>
    public int MostSkips { get; set; } = 10_000;

    /// <summary>The virtual time.</summary>
    public DateTimeOffset Now => engine.Clock.GetUtcNow();

    /// <summary>The clock of the test and of its workflows.</summary>
    public TimeProvider Clock => engine.Clock;

    /// <summary>The services of the test and of the engine, such as <see cref="SignalOperations"/> and <see cref="IWorkflowStore"/>.</summary>
    public IServiceProvider Services => engine.Services;

    /// <summary>All workflows, oldest first, no matter how they were created.</summary>
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

    /// <summary>Starts the engine for a test of one workflow class.</summary>
    /// <param name="services">Registers the services that its constructor needs.</param>
    /// <exception cref="InvalidDefinitionException">The class is not a valid workflow.</exception>
    public static Task<FlowTest> For<TWorkflow>(Action<IServiceCollection>? services = null)
        where TWorkflow : Workflow => With(flow => WithServices(flow.AddWorkflow<TWorkflow>(), services));

    /// <summary>Starts the engine for a test of a definition that was built in code or read from a script.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="services">Registers the services that its functions need.</param>
    /// <exception cref="InvalidDefinitionException">The definition is invalid.</exception>
    public static Task<FlowTest> For(WorkflowDefinition definition, Action<IServiceCollection>? services = null) =>
        With(flow => WithServices(flow.AddDefinition(definition), services));

    /// <summary>
    /// Starts the engine for a test of several workflows: <c>FlowTest.With(flow => flow.AddWorkflow&lt;A&gt;().AddWorkflow&lt;B&gt;())</c>.
    /// </summary>
    /// <exception cref="InvalidDefinitionException">A definition is invalid.</exception>
    /// <exception cref="ArgumentException">There is no workflow, or a schedule is invalid.</exception>
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

    /// <summary>Starts a workflow of the type that was added first, and runs it until the engine is idle.</summary>
    /// <param name="input">
    /// The variables to start with: <see cref="Variables"/>, or anything whose JSON is an object, such as a record or a dictionary.
    /// </param>
    /// <param name="businessKey">The business key.</param>
    /// <exception cref="RejectedRequestException">The input does not match the workflow's input type.</exception>
    public Task<FlowRun> StartAsync(object? input = null, string businessKey = "test") =>
        StartDefinitionAsync(engine.Definitions[0].Name, input, businessKey);

    /// <summary>Starts a workflow of a class, and runs it until the engine is idle.</summary>
    /// <param name="input">The variables to start with.</param>
    /// <param name="businessKey">The business key.</param>
    /// <exception cref="RejectedRequestException">The input does not match the workflow's input type.</exception>
    public Task<FlowRun> StartAsync<TWorkflow>(object? input = null, string businessKey = "test")
        where TWorkflow : Workflow =>
        StartDefinitionAsync(KnownClass<TWorkflow>.Value.Definition.Name, input, businessKey);

    /// <summary>Starts a workflow of a type, and runs it until the engine is idle.</summary>
    /// <param name="workflowType">The name of its definition.</param>
    /// <param name="input">The variables to start with.</param>
    /// <param name="businessKey">The business key.</param>
    /// <exception cref="RejectedRequestException">
    /// There is no such definition, or the input does not match the workflow's input type.
    /// </exception>
    public Task<FlowRun> StartAsync(string workflowType, object? input = null, string businessKey = "test") =>
        StartDefinitionAsync(workflowType, input, businessKey);

    /// <summary>
    /// Advances the clock. Everything that becomes due on the way (timers, retries, deadlines, schedules) runs at its own instant. Returns
    /// when the engine is idle. Code that the engine runs must not call this.
    /// </summary>
    public void Advance(double days = 0, double hours = 0, double minutes = 0, double seconds = 0) =>
        Advance(
            TimeSpan.FromDays(days)
                + TimeSpan.FromHours(hours)
                + TimeSpan.FromMinutes(minutes)
                + TimeSpan.FromSeconds(seconds)
        );

    /// <summary>Advances the clock by a duration, like <see cref="Advance(double, double, double, double)"/>.</summary>
    public void Advance(TimeSpan by) => AdvanceAsync(by).GetAwaiter().GetResult();

    /// <summary>Advances the clock like <see cref="Advance(TimeSpan)"/>, without blocking the calling thread.</summary>
    public Task AdvanceAsync(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        ThrowIfCalledByEngine();
        return engine.Turned is null
            ? throw new InvalidOperationException(
                "This test uses its own clock. Advance that clock, and then call SettleAsync."
            )
            : WaitForIdleAsync(() => engine.TurnToAsync(Now + by));
    }

    /// <summary>Waits until the engine is idle, for tests that use their own clock or change something outside the test kit.</summary>
    /// <exception cref="FlowTestException">A state function does not end.</exception>
    public Task SettleAsync()
    {
        ThrowIfCalledByEngine();
        return WaitForIdleAsync(() => engine.SettleAsync());
    }

    /// <summary>Makes one attempt fail: the exception is thrown instead of running the state function, once.</summary>
    /// <param name="state">The state.</param>
    /// <param name="attempt">The number of the attempt; 1 is the first.</param>
    /// <param name="failure">The exception to throw.</param>
    /// <exception cref="ArgumentException">No workflow of the test has a state of that name with a function.</exception>
    public void FailAt(string state, int attempt, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        engine.Watch.Faults.Add(new StepFault.Failure(Runnable(state), Positive(attempt), failure));
    }

    /// <summary>
    /// Simulates a crash of the executor, once, after the function of an attempt has run and before the step is committed. Nothing of the
    /// attempt is written, another executor takes the workflow over, and the step runs again with the same step key. This does not use up a
    /// retry.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="attempt">The number of the attempt; 1 is the first.</param>
    /// <exception cref="ArgumentException">No workflow of the test has a state of that name with a function.</exception>
    public void CrashAt(string state, int attempt = 1) =>
        engine.Watch.Faults.Add(new StepFault.Crash(Runnable(state), Positive(attempt)));

    /// <summary>
    /// Blocks an attempt, once, before its function begins, to test what happens to a workflow while a step is running. A held step counts
    /// as idle.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="attempt">The number of the attempt; 1 is the first.</param>
    /// <returns>A handle that releases the attempt.</returns>
    /// <exception cref="ArgumentException">No workflow of the test has a state of that name with a function.</exception>
    public StepHold HoldAt(string state, int attempt = 1)
    {
        var hold = new StepHold();
        engine.Watch.Faults.Add(new StepFault.Hold(Runnable(state), Positive(attempt), hold.Released));
        return hold;
    }

    /// <summary>
    /// Replays the history of a real workflow against the definition of the same name in this test, with the services of the test. See
    /// <see cref="Replay"/>.
    /// </summary>
    /// <param name="export">The history. If it has no workflow type, the definition that was added first is used.</param>
    /// <param name="options">Options of the replay.</param>
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

    /// <summary>Queues a function on the engine and waits until the engine is idle.</summary>
    internal async Task<T> DoAsync<T>(Func<Task<T>> function)
    {
        ThrowIfCalledByEngine();
        var done = engine.RunAsync(function);
        await WaitForIdleAsync(() => engine.SettleAsync(after: done)).ConfigureAwait(false);
        return await done.ConfigureAwait(false);
    }

    /// <summary>Advances the clock to the next instant at which anything is due.</summary>
    /// <returns>False when nothing is due any more, or the test kit does not advance the clock.</returns>
    internal async Task<bool> SkipAsync()
    {
        if (!SkipWaits || engine.Turned is null || engine.NextDue() is not { } due)
        {
            return false;
        }

        await WaitForIdleAsync(() => engine.TurnToAsync(due)).ConfigureAwait(false);
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

    private async Task WaitForIdleAsync(Func<Task> wait)
    {
        try
        {
            await wait().ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var running = string.Join("; ", engine.Watch.Calls.Where(call => !call.IsIdle));
            throw new FlowTestException(
                "the engine to become idle",
                running.Length > 0
                    ? $"after {engine.RealTimeout.TotalSeconds} s of real time these functions are still running: {running}"
                    : $"after {engine.RealTimeout.TotalSeconds} s of real time the engine still has work to do"
            );
        }
    }

    private void ThrowIfCalledByEngine()
    {
        if (engine.IsCalledByEngine)
        {
            throw new InvalidOperationException(
                "Code that the engine runs cannot wait for the engine. Call this from the test."
            );
        }
    }

    private string Runnable(string state)
    {
        var known = engine.Definitions.SelectMany(definition => definition.States).Where(known => known.Runs).ToList();
        return known.Exists(each => each.Name == state)
            ? state
            : throw new ArgumentException(
                $"No workflow of this test has a state '{state}' with a function; there are {string.Join(", ", known.Select(each => each.Name).Distinct())}.",
                nameof(state)
            );
    }
}
