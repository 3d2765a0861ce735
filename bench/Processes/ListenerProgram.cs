using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Processes;

/// <summary>An additional process that runs no workflows, with a number of subscribers to all changes.</summary>
internal static class ListenerProgram
{
    /// <summary>The first argument of the command line, followed by the name of the database and the options.</summary>
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
            $"listeners received {listening.Min(each => each.Changes)} changes and {listening.Max(each => each.Gaps)} gaps"
        );
        listening.ForEach(each => each.Dispose());
        await engine.DisposeAsync();
        Console.WriteLine(counters.Now.ToLine());
        return 0;
    }

    /// <summary>One subscriber.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ChangeSubscription subscription;

        public Listening(ChangeSubscription subscription)
        {
            this.subscription = subscription;
            _ = ListenAsync();
        }

        /// <summary>Completes with the first gap. From then on every loss is reported as a gap.</summary>
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
