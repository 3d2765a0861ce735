using GopherFlow.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Conformance;

/// <summary>The writer thread also runs posted callbacks.</summary>
public sealed class SqliteWriterTests : IDisposable
{
    private const string ThreadName = "GopherFlow SQLite writer";

    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Posted_callbacks_run_on_the_writer_thread_after_a_transaction()
    {
        await using var writer = Open();
        var threads = new TaskCompletionSource<(string?, string?)>();

        writer.Post(
            async _ =>
            {
                var before = Thread.CurrentThread.Name;
                await writer.RunAsync((_, _) => true, Stop);
                threads.SetResult((before, Thread.CurrentThread.Name));
            },
            null
        );

        Assert.Equal((ThreadName, ThreadName), await threads.Task.WaitAsync(Stop));
    }

    [Fact]
    public async Task A_transaction_can_await_an_asynchronous_operation()
    {
        await using var writer = Open();
        var posted = new TaskCompletionSource();
        writer.Post(_ => posted.SetResult(), null);
        await posted.Task.WaitAsync(Stop);

        var thread = await writer
            .RunAsync((_, _) => NameAfterYieldAsync().GetAwaiter().GetResult(), Stop)
            .WaitAsync(TimeSpan.FromSeconds(30), Stop);

        Assert.NotEqual(ThreadName, thread);

        static async Task<string?> NameAfterYieldAsync()
        {
            await Task.Yield();
            return Thread.CurrentThread.Name;
        }
    }

    [Fact]
    public async Task Callbacks_posted_after_its_end_still_run()
    {
        var writer = Open();
        await writer.DisposeAsync();
        var thread = new TaskCompletionSource<string?>();

        writer.Post(_ => thread.SetResult(Thread.CurrentThread.Name), null);

        Assert.NotEqual(ThreadName, await thread.Task.WaitAsync(Stop));
    }

    private SqliteWriter Open() => new(Connect(), Connect);

    private SqliteConnection Connect() => SqliteDatabase.Connect(folder.File("test.db"), SqliteSynchronous.Normal);
}
