using GopherFlow.Execution;
using GopherFlow.Storage;
using GopherFlow.Storage.InMemory;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>How an executor is notified of work from other processes.</summary>
public sealed class ListenerTests
{
    [Theory]
    [InlineData("there is a pooler.")]
    [InlineData(null)]
    public async Task The_reason_why_a_store_must_poll_is_logged_if_there_is_one(string? reason)
    {
        await using var memory = new InMemoryStore();
        await using var store = new DeafStore(memory, reason);
        using var logs = new LogCollector();
        var listener = new Listener(
            store,
            new StoreNews(_ => { }, () => { }),
            TimeSpan.FromSeconds(3),
            logs.CreateLogger("listener")
        );

        await listener.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            reason is null
                ? []
                :
                [
                    $"Warning: The database sends no notifications, so work from other processes is found by polling every 00:00:03: {reason}",
                ],
            logs.Lines
        );
    }

    private sealed class DeafStore(IWorkflowStore inner, string? reason) : DelegatingStore(inner)
    {
        public override string? ReasonToPoll => reason;

        public override Task ListenAsync(StoreNews news, CancellationToken cancellation) => Task.CompletedTask;
    }
}
