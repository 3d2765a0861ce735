using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Hosting;
using GopherFlow.Operations.Schedules;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Storage.InMemory;
using GopherFlow.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GopherFlow.Testing.Running;

/// <summary>The engine of a test: the real engine with the in-memory store, on its own strand.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private readonly Pulse pulse = new();
    private readonly Strand strand;
    private readonly Executor executor;
    private readonly TestSchedules schedules;
    private readonly EngineOptions options;
    private readonly ServiceProvider services;

    public TestEngine(FlowTestBuilder plan)
    {
        strand = new Strand(pulse.Beat);
        Turned = plan.CustomClock is null ? new TurnedClock(plan.Start) : null;
        Clock = new FlowClock(plan.CustomClock is { } given ? new StrandClock(given, strand) : Turned!, strand.Nudge);
        Watch = new StepWatch(Clock, strand.Nudge);
        RealTimeout = plan.CustomTimeout;
        Memory = new InMemoryStore(Clock, plan.BeginTransaction);
        Rows = new FlowStore(Memory, Watch);
        var definitions = plan.Definitions();
        Receivers = StagedReceivers.Of(definitions);
        Definitions = [.. definitions, .. Receivers.Names.Select(WebhookDelivery.For)];
        services = ServicesOf(plan);
        options = services.GetRequiredService<EngineOptions>();
        executor = services.GetRequiredService<Executor>();
        schedules = new TestSchedules(
            Memory.Schedules,
            services.GetRequiredService<ScheduleRunner>(),
            services.GetRequiredService<ScheduleFaults>(),
            services.GetRequiredService<DeclaredSchedules>(),
            Clock
        );
    }

    /// <summary>The definitions as their author wrote them, in the order in which they were added.</summary>
    public IReadOnlyList<WorkflowDefinition> Definitions { get; }

    /// <summary>Fake webhook receivers.</summary>
    private WebhookTargets Receivers { get; }

    public FlowClock Clock { get; }

    /// <summary>The clock that the test kit advances; null when the author uses their own clock.</summary>
    public TurnedClock? Turned { get; }

    public StepWatch Watch { get; }

    public IWorkflowStore Rows { get; }

    public IServiceProvider Services => services;

    public FlowJson Json => field ??= new FlowJson(options.VariablesJson);

    /// <summary>The timeout for every wait, in real time.</summary>
    public TimeSpan RealTimeout { get; }

    private InMemoryStore Memory { get; }

    private long Progress => ((FlowStore)Rows).Progress;

    /// <summary>Whether the calling code runs in the engine, where waiting for the engine would be a deadlock.</summary>
    public bool IsCalledByEngine => Clock.Current is { HasReturned: false } || TaskScheduler.Current == strand;

    /// <exception cref="ArgumentException">A schedule is invalid.</exception>
    public async Task StartAsync()
    {
        await strand.RunAsync(BeginAsync).ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
    }

    /// <summary>Queues a function on the engine's strand.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> function) => strand.RunAsync(function);

    /// <summary>The current record of a workflow.</summary>
    public WorkflowRecord Find(long id) =>
        Answer(Rows.FindAsync(id, CancellationToken.None))
        ?? throw new InvalidOperationException($"There is no workflow {id} any more.");

    /// <summary>The history of a workflow, oldest first.</summary>
    public IReadOnlyList<ActionRecord> History(long id) =>
        Answer(Rows.ActionsAsync(new ActionSearch(id, int.MaxValue) { AfterId = 0 }, CancellationToken.None));

    /// <summary>The children of a workflow, oldest first.</summary>
    public IReadOnlyList<WorkflowRecord> Children(long id) =>
        Answer(Rows.ChildrenAsync(new ChildSearch(id), CancellationToken.None));

    /// <summary>Waits until nothing is running and nothing is due at the current instant.</summary>
    /// <param name="after">A task that must complete first; null for none.</param>
    /// <exception cref="TimeoutException">Nothing has happened for <see cref="RealTimeout"/>.</exception>
    public async Task SettleAsync(Task? after = null)
    {
        var polledProgress = -1L;
        IReadOnlyList<(string Name, long Revision)> seen = [];
        while (true)
        {
            var next = pulse.Next;
            if (strand.IsEmpty && after is not { IsCompleted: false })
            {
                if (schedules.DueNow is { Count: > 0 } due && !due.SequenceEqual(seen))
                {
                    seen = due;
                    schedules.PollNow();
                }
                else if (!IsRunning() && !(FirstDue() <= Clock.GetUtcNow()))
                {
                    return;
                }
                else if (FirstDue() <= Clock.GetUtcNow() && polledProgress != Progress)
                {
                    polledProgress = Progress;
                    executor.PollNow();
                }
                else if (!IsRunning())
                {
                    // Every slot is occupied by a function that waits for the clock.
                    return;
                }
            }

            await Task.WhenAny(next, after is { IsCompleted: false } ? after : next)
                .WaitAsync(RealTimeout)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Advances the clock. Everything that becomes due on the way runs at its own instant.</summary>
    public async Task TurnToAsync(DateTimeOffset instant)
    {
        await SettleAsync().ConfigureAwait(false);
        while (NextStop() is { } stop && stop < instant)
        {
            await TurnAsync(stop).ConfigureAwait(false);
        }

        await TurnAsync(instant).ConfigureAwait(false);
    }

    /// <summary>
    /// The next instant at which a workflow is due or a function that waits for the clock continues; null when there is none. Schedules do
    /// not count, because they never end.
    /// </summary>
    public DateTimeOffset? NextDue()
    {
        var first = FirstDue();
        return Earlier(first > Clock.GetUtcNow() ? first : null, Watch.Calls.Min(call => call.NextTimer));
    }

    /// <summary>Starts the executor and the schedules like the host of an application.</summary>
    private async Task BeginAsync()
    {
        await schedules.RejectFaultyAsync();
        executor.Add("schedule runner", schedules.RunAsync);
        await executor.StartAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await strand
                .RunAsync(() => executor.StopAsync(new CancellationToken(canceled: true)))
                .WaitAsync(RealTimeout)
                .ConfigureAwait(false);
            await services.DisposeAsync().ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A function blocks the strand. The test has already failed with that error.
        }
    }

    private ServiceProvider ServicesOf(FlowTestBuilder plan)
    {
        var collection = new ServiceCollection();
        plan.AddServices(collection);
        collection.TryAddSingleton<TimeProvider>(Clock);
        collection.TryAddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        collection.TryAdd(ServiceDescriptor.Singleton(typeof(ILogger<>), typeof(Logger<>)));
        collection.AddSingleton(EngineClocks.TurnedBy(Clock));
        // A fixed jitter of 0.5 keeps tests deterministic.
        collection.AddSingleton(new StagedRun(strand, static () => 0.5, plan.Options.CheckDbInterval));
        collection.AddGopherFlowEngine(
            plan.Options,
            registration =>
            {
                plan.Register(registration, Definitions.Select(Watch.Around));
                registration.StageWebhooks(Receivers, new StagedReceivers());
                registration.UseDatabase(new FlowDatabase(_ => Stores()));
            }
        );
        return collection.BuildServiceProvider();
    }

    private OpenedStores Stores() =>
        new(Rows, Memory.Accounts, Memory.Audit, Memory.Throughput, Memory.Scripts, Memory.Jobs, Memory.Schedules);

    private async Task TurnAsync(DateTimeOffset instant)
    {
        await strand.RunAsync(() => Turned!.TurnTo(instant)).ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
    }

    private DateTimeOffset? NextStop()
    {
        var first = FirstDue();
        return Earlier(Earlier(first > Clock.GetUtcNow() ? first : null, schedules.NextDue), Turned!.NextTimer);
    }

    /// <summary>Whether the executor owns a workflow whose function can continue at the current instant.</summary>
    private bool IsRunning()
    {
        var owned = Answer(Rows.OwnedAsync(executor.Id, CancellationToken.None));
        return owned.Count > 0 && !owned.All(claim => Watch.IsIdle(claim.WorkflowId));
    }

    /// <summary>When the first workflow that the engine can run is due; null when there is none.</summary>
    private DateTimeOffset? FirstDue() =>
        Answer(Rows.FirstDueAsync(services.GetRequiredService<DefinitionRegistry>().Runnable, CancellationToken.None))
            .Where(place => options.ExecutorGroups.Contains(place.ExecutorGroup))
            .Min(place => (DateTimeOffset?)place.Due);

    /// <summary>Reads a result synchronously. The tasks of the in-memory store are already completed.</summary>
    private static T Answer<T>(Task<T> answered) => answered.GetAwaiter().GetResult();

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;
}
