using GopherFlow.Bench.Costs;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Processes;

/// <summary>
/// A store that counts its calls, for a database without its own counters. By the contract of the store port, each call is one transaction.
/// </summary>
internal sealed class CountedStore(IWorkflowStore inner, ProcessCounters counters) : DelegatingStore(inner)
{
    public override Task InitializeAsync(CancellationToken cancellation) => Inner.InitializeAsync(cancellation);

    protected override Task<T> CallAsync<T>(string name, Func<Task<T>> call, CancellationToken cancellation)
    {
        counters.CountStoreCall();
        return call();
    }
}
