using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;
using GopherFlow.Bench.Runs;

namespace GopherFlow.Bench.Processes;

/// <summary>
/// The executors of one measurement, from startup to shutdown: one in this process, which also creates workflows, and the others in
/// processes of their own.
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly BenchDatabase database;
    private readonly ProcessCounters counters;
    private readonly IReadOnlyList<ExecutorProcess> others;
    private readonly ServerCounts serverBefore;
    private readonly ProcessTally before;
    private bool isClosed;

    private Session(
        BenchDatabase database,
        ProcessCounters counters,
        IDatabaseServer server,
        Observer observer,
        EngineUnderTest engine,
        IReadOnlyList<ExecutorProcess> others,
        (ServerCounts Server, ProcessTally Process) start
    )
    {
        this.database = database;
        this.counters = counters;
        this.others = others;
        (serverBefore, before) = start;
        Server = server;
        Observer = observer;
        Engine = engine;
    }

    public EngineUnderTest Engine { get; }

    public Observer Observer { get; }

    public IDatabaseServer Server { get; }

    /// <summary>The counters of this process so far.</summary>
    public ProcessTally Now => counters.Now;

    public static async Task<Session> StartAsync(BenchSetup setup, string name, Target target, int executors)
    {
        var (database, options, counters) = setup;
        var server = await database.ServerAsync(target);
        await server.WaitUntilAloneAsync();
        var start = (await server.CountsAsync(), counters.Now);
        var observer = await Observer.OpenAsync(database.Store(target));
        var engine = await EngineUnderTest.StartAsync(target, options, counters);
        var others = new List<ExecutorProcess>();
        while (others.Count < executors - 1)
        {
            others.Add(await ExecutorProcess.StartAsync(ExecutorProgram.Word, name, options));
        }

        if (options.Listeners > 0)
        {
            others.Add(await ExecutorProcess.StartAsync(ListenerProgram.Word, name, options));
        }

        return new Session(database, counters, server, observer, engine, others, start);
    }

    /// <summary>The CPU time of all processes so far.</summary>
    public TimeSpan Cpu() => others.Aggregate(Environment.CpuUsage.TotalTime, (sum, executor) => sum + executor.Cpu);

    /// <summary>Shuts the executors down gracefully.</summary>
    public async Task<SessionResult> CloseAsync()
    {
        isClosed = true;
        var tallies = new List<ProcessTally>();
        foreach (var other in others)
        {
            tallies.Add(await other.StopAsync());
        }

        await Engine.DisposeAsync();
        await Observer.DisposeAsync();
        tallies.Insert(0, counters.Now - before);
        await Server.WaitUntilAloneAsync();
        var traffic = database.TrafficOf(
            await Server.CountsAsync() - serverBefore,
            tallies.Aggregate((left, right) => left + right),
            Observer.Queries
        );
        await Server.DisposeAsync();
        return new SessionResult(traffic, tallies);
    }

    public async ValueTask DisposeAsync()
    {
        if (!isClosed)
        {
            await CloseAsync();
        }

        foreach (var other in others)
        {
            other.Dispose();
        }
    }
}

/// <summary>The counters of all executors of a session.</summary>
internal sealed record SessionResult(Traffic Traffic, IReadOnlyList<ProcessTally> Executors);
