using System.Collections.Concurrent;

namespace GopherFlow.Behaviour;

/// <summary>Synchronizes steps and tests: a step waits at a gate, and the test opens it. A service, so that scripts can use it.</summary>
public sealed class Gates
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> gates = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> arrivals = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> departures = [];

    /// <summary>For a step: signals its arrival, waits until the gate is open, and returns the answer of the test.</summary>
    public Task<string> PassAsync(string gate)
    {
        Of(arrivals, gate).TrySetResult("");
        return Of(gates, gate).Task;
    }

    /// <summary>For a step: the same, but stops waiting when its token is cancelled.</summary>
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

    /// <summary>For a test: opens a gate permanently, for all steps.</summary>
    public void Open(string gate, string answer = "") => Of(gates, gate).SetResult(answer);

    /// <summary>For a test: waits until a step has reached a gate.</summary>
    public Task ReachedAsync(string gate) => Of(arrivals, gate).Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>For a test: waits until a step was cancelled at a gate.</summary>
    public Task LeftAsync(string gate) => Of(departures, gate).Task.WaitAsync(TimeSpan.FromSeconds(30));

    private static TaskCompletionSource<string> Of(
        ConcurrentDictionary<string, TaskCompletionSource<string>> all,
        string gate
    ) => all.GetOrAdd(gate, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
