using System.Diagnostics;
using System.Globalization;
using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Processes;

/// <summary>
/// One of several processes on one database that create and run workflows and receive all changes, including their own. It records the
/// changes with timestamps of the monotonic clock that all processes of a machine share.
/// </summary>
internal static class FeedWorkerProgram
{
    /// <summary>
    /// The first argument of the command line, followed by the name of the database, the number of the process and the options.
    /// </summary>
    public const string Word = "feed-worker";

    /// <summary>The line that it prints when it has created all its workflows.</summary>
    public const string Created = "created";

    /// <summary>Printed instead of a change for a gap.</summary>
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
        var received = new List<string>();
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = engine.Feed.Subscribe(capacity: 100_000);
        var listening = ListenAsync(subscription, received, complete);
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
        received.ForEach(Console.WriteLine);
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

    /// <summary>Records changes. The first gap marks the start of the subscription; from then on every loss is reported as a gap.</summary>
    private static async Task ListenAsync(
        ChangeSubscription subscription,
        List<string> received,
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
                    received.AddRange(batch.Changes.Select(change => $"{change.Id}:{change.Revision} {now}"));
                }
                else if (!complete.TrySetResult())
                {
                    received.Add($"{Gap} {now}");
                }
            }
        }
    }
}
