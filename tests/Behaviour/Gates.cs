using System.Collections.Concurrent;

namespace GopherFlow.Behaviour;

/// <summary>Where a step meets its test: the step waits at a gate, and the test opens it. A service, so that scripts reach it too.</summary>
public sealed class Gates
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> gates = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> arrivals = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> departures = [];

    /// <summary>For a step: tells that it is here, waits until the gate is open, and gets what the test said.</summary>
    public Task<string> PassAsync(string gate)
    {
        Of(arrivals, gate).TrySetResult("");
        return Of(gates, gate).Task;
    }

    /// <summary>For a step: the same, but not longer than the step may run.</summary>
    public async Task<string> PassUnlessStoppedAsync(string gate, CancellationToken stop)
    {
        try
        {
            return await PassAsync(gate).WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            Of(departures, gate).TrySetResult("");
            throw;
        }
    }

    /// <summary>For a test: opens a gate, for all and for good.</summary>
    public void Open(string gate, string answer = "") => Of(gates, gate).SetResult(answer);

    /// <summary>For a test: waits until a step has come to a gate.</summary>
    public Task ReachedAsync(string gate) => Of(arrivals, gate).Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>For a test: waits until a step was asked to stop at a gate.</summary>
    public Task LeftAsync(string gate) => Of(departures, gate).Task.WaitAsync(TimeSpan.FromSeconds(30));

    private static TaskCompletionSource<string> Of(
        ConcurrentDictionary<string, TaskCompletionSource<string>> all,
        string gate
    ) => all.GetOrAdd(gate, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
