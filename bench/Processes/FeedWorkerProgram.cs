using System.Diagnostics;
using System.Globalization;
using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Processes;

/// <summary>
/// One of several processes over one database that create and run workflows and hear every change, their own and those of the others. It
/// writes down what it hears, and when by the clock that all processes of a machine share.
/// </summary>
internal static class FeedWorkerProgram
{
    /// <summary>The first word of its command line; the name of the database, its own name and the options follow.</summary>
    public const string Word = "feed-worker";

    /// <summary>What it says when it has created all that it was told to.</summary>
    public const string Created = "created";

    /// <summary>What stands in the place of a change where a gap is told.</summary>
    public const string Gap = "gap";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public static async Task<int> RunAsync(string database, string[] arguments)
    {
        if (arguments is not [var number, .. var rest] || BenchOptions.Parse(rest) is not { } options)
        {
            return 1;
        }

        using var counters = new ProcessCounters();
        var target = BenchDatabase.Of(options.Database).At(database, options);
        var engine = await EngineUnderTest.StartAsync(target, options, counters);
        var heard = new List<string>();
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = engine.Feed.Subscribe(capacity: 100_000);
        var listening = ListenAsync(subscription, heard, complete);
        await complete.Task;
        Console.WriteLine(ExecutorProgram.Ready);
        if (await Console.In.ReadLineAsync() is { } count)
        {
            await CreateAsync(engine, number, int.Parse(count, CultureInfo.InvariantCulture));
            Console.WriteLine(Created);
        }

        while (await Console.In.ReadLineAsync() is not null) { }
        subscription.Dispose();
        await listening;
        await engine.DisposeAsync();
        heard.ForEach(Console.WriteLine);
        return 0;
    }

    private static async Task CreateAsync(EngineUnderTest engine, string number, int count)
    {
        using var timer = new PeriodicTimer(Pace);
        for (var created = 0; created < count; created++)
        {
            await timer.WaitForNextTickAsync();
            await engine.Operations.CreateAsync(EngineUnderTest.NewWorkflow($"worker-{number}-{created}"));
        }
    }

    /// <summary>The first gap says that from then on nothing is missing that is not told.</summary>
    private static async Task ListenAsync(
        ChangeSubscription subscription,
        List<string> heard,
        TaskCompletionSource complete
    )
    {
        while (await subscription.WaitToReadAsync())
        {
            while (subscription.TryRead(out var item))
            {
                var now = Stopwatch.GetTimestamp();
                if (item is FeedItem.Batch batch)
                {
                    heard.AddRange(batch.Changes.Select(change => $"{change.Id}:{change.Revision} {now}"));
                }
                else if (!complete.TrySetResult())
                {
                    heard.Add($"{Gap} {now}");
                }
            }
        }
    }
}
