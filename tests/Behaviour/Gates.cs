using System.Collections.Concurrent;

namespace GopherFlow.Behaviour;

/// <summary>Where a step meets its test: the step waits at a gate, and the test opens it. A service, so that scripts reach it too.</summary>
public sealed class Gates
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> gates = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> arrivals = [];

    /// <summary>For a step: tells that it is here, waits until the gate is open, and gets what the test said.</summary>
    public Task<string> PassAsync(string gate)
    {
        Of(arrivals, gate).TrySetResult("");
        return Of(gates, gate).Task;
    }

    /// <summary>For a test: opens a gate, for all and for good.</summary>
    public void Open(string gate, string answer = "") => Of(gates, gate).SetResult(answer);

    /// <summary>For a test: waits until a step has come to a gate.</summary>
    public Task ReachedAsync(string gate) => Of(arrivals, gate).Task.WaitAsync(TimeSpan.FromSeconds(30));

    private static TaskCompletionSource<string> Of(
        ConcurrentDictionary<string, TaskCompletionSource<string>> all,
        string gate
    ) => all.GetOrAdd(gate, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
