using GopherFlow.Bench.Costs;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Processes;

/// <summary>A store whose calls are counted, for a database that counts nothing itself: by the port's contract each is one transaction.</summary>
internal sealed class CountedStore(IWorkflowStore inner, ProcessCounters counters) : DelegatingStore(inner)
{
    public override Task InitializeAsync(CancellationToken cancellation) => Inner.InitializeAsync(cancellation);

    protected override Task<T> CallAsync<T>(string name, Func<Task<T>> call, CancellationToken cancellation)
    {
        counters.CountStoreCall();
        return call();
    }
}
