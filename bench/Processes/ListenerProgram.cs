using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Processes;

/// <summary>A further process that runs no workflows, with a number of listeners that hear every change.</summary>
internal static class ListenerProgram
{
    /// <summary>The first word of its command line; the name of the database and the options follow.</summary>
    public const string Word = "listener";

    public static async Task<int> RunAsync(string database, string[] arguments)
    {
        if (BenchOptions.Parse(arguments) is not { } options)
        {
            return 1;
        }

        using var counters = new ProcessCounters();
        var target = BenchDatabase.Of(options.Database).At(database, options);
        var engine = await EngineUnderTest.StartAsync(target, options, counters, runs: false);
        var subscriptions = Enumerable
            .Range(0, options.Listeners)
            .Select(_ => engine.Feed.Subscribe(capacity: 100_000));
        var listening = subscriptions.Select(subscription => new Listening(subscription)).ToList();
        await listening[0].Complete;
        Console.WriteLine(ExecutorProgram.Ready);
        while (await Console.In.ReadLineAsync() is not null) { }

        await Console.Error.WriteLineAsync(
            $"listeners heard {listening.Min(each => each.Changes)} changes and {listening.Max(each => each.Gaps)} gaps"
        );
        listening.ForEach(each => each.Dispose());
        await engine.DisposeAsync();
        Console.WriteLine(counters.Now.ToLine());
        return 0;
    }

    /// <summary>One listener.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ChangeSubscription subscription;

        public Listening(ChangeSubscription subscription)
        {
            this.subscription = subscription;
            _ = ListenAsync();
        }

        /// <summary>From the first gap on nothing is missing that is not told.</summary>
        public Task Complete => complete.Task;

        public long Changes { get; private set; }

        public int Gaps { get; private set; }

        public void Dispose() => subscription.Dispose();

        private async Task ListenAsync()
        {
            while (await subscription.WaitToReadAsync())
            {
                while (subscription.TryRead(out var item))
                {
                    Gaps += item is FeedItem.Gap && Complete.IsCompleted ? 1 : 0;
                    Changes += item is FeedItem.Batch batch ? batch.Changes.Count : 0;
                    if (item is FeedItem.Gap)
                    {
                        complete.TrySetResult();
                    }
                }
            }
        }
    }
}
