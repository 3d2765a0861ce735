using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Conformance;

/// <summary>The number of read connections is limited.</summary>
public sealed class SqliteReadersTests : IDisposable
{
    private const int Most = 8;

    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_query_waits_for_a_connection_while_all_are_busy()
    {
        var opened = 0;
        await using var readers = new SqliteReaders(() =>
        {
            Interlocked.Increment(ref opened);
            return SqliteDatabase.Connect(folder.File("test.db"), SqliteSynchronous.Normal);
        });
        using var gate = new ManualResetEventSlim();
        using var begun = new CountdownEvent(Most);
        var busy = Enumerable
            .Range(0, Most)
            .Select(_ =>
                Task.Factory.StartNew(
                        () => readers.ReadAsync(_ => begun.Signal() | Wait(gate), Stop),
                        TaskCreationOptions.LongRunning
                    )
                    .Unwrap()
            )
            .ToList();
        begun.Wait(Stop);

        var waiting = readers.ReadAsync(_ => true, Stop);

        Assert.False(waiting.IsCompleted);
        gate.Set();
        await Task.WhenAll([waiting, .. busy]);
        Assert.Equal(Most, opened);
    }

    [Fact]
    public async Task A_connection_whose_query_has_failed_is_not_used_again()
    {
        var opened = 0;
        await using var readers = new SqliteReaders(() =>
        {
            opened++;
            return SqliteDatabase.Connect(folder.File("test.db"), SqliteSynchronous.Normal);
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            readers.ReadAsync<bool>(_ => throw new InvalidOperationException("broken"), Stop)
        );
        await readers.ReadAsync(_ => true, Stop);
        await readers.ReadAsync(_ => true, Stop);

        Assert.Equal(2, opened);
    }

    private static bool Wait(ManualResetEventSlim gate)
    {
        gate.Wait(Stop);
        return true;
    }
}
