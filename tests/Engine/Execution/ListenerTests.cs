using GopherFlow.Execution;
using GopherFlow.Storage;
using GopherFlow.Storage.InMemory;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>What an executor hears of other processes' work.</summary>
public sealed class ListenerTests
{
    [Theory]
    [InlineData("there is a pooler.")]
    [InlineData(null)]
    public async Task A_store_that_cannot_tell_here_says_why_in_the_log_and_only_then(string? reason)
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
                    $"Warning: What other processes make due is not heard of but found by looking, every 00:00:03: {reason}",
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
