using GopherFlow.Hosting;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Jobs;

/// <summary>A store, a clock, and engines over both. A test can intercept the pages of jobs.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly TestStore store;
    private readonly InterceptedJobs jobs;
    private readonly InterceptedStore workflows;
    private readonly List<EngineHarness> engines = [];
    private readonly CancellationTokenSource closing = new();

    private Scene(TestStore store, VirtualClock clock)
    {
        this.store = store;
        Clock = clock;
        jobs = new InterceptedJobs(store.Jobs);
        workflows = new InterceptedStore(store.Workflows)
        {
            Transient = trouble => trouble is LostException || store.Workflows.IsTransient(trouble),
        };
    }

    public VirtualClock Clock { get; }

    public static async Task<Scene> OpenAsync(StoreKind kind)
    {
        var clock = new VirtualClock();
        return new Scene(await TestStore.OpenAsync(kind, clock), clock);
    }

    /// <summary>Intercepts the write of every page from now on.</summary>
    public void Around(Func<JobPage, Func<Task<JobPageResult>>, Task<JobPageResult>>? around) =>
        jobs.WritePage = around;

    /// <summary>Intercepts the storing of every job from now on.</summary>
    public void InterceptCreate(Func<Func<Task<JobRecord>>, Task<JobRecord>> around) => jobs.Create = around;

    /// <summary>Waits until the task completes or the scene is disposed.</summary>
    public Task UntilAsync(Task task) => task.WaitAsync(closing.Token);

    /// <summary>Starts another engine, as if in another process.</summary>
    public async Task<EngineHarness> StartAsync(Action<GopherFlowRegistration>? register = null)
    {
        var engine = await EngineHarness.StartAsync(
            store,
            Clock,
            g =>
            {
                g.AddW().AddDefinition(Family.Parent()).AddDefinition(Family.Child()).AddDefinition(Family.Leaf());
                register?.Invoke(g);
            },
            wrapped: workflows,
            jobs: jobs
        );
        engines.Add(engine);
        return engine;
    }

    public async ValueTask DisposeAsync()
    {
        closing.Cancel();
        foreach (var engine in engines)
        {
            await engine.DisposeAsync();
        }

        await store.DisposeAsync();
        closing.Dispose();
    }
}

/// <summary>A lost connection.</summary>
internal sealed class LostException() : Exception("The connection is lost.");
