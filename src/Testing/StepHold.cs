namespace GopherFlow.Testing;

/// <summary>Blocks an attempt of a state until it is released. See <see cref="FlowTest.HoldAt"/>.</summary>
public sealed class StepHold : IDisposable
{
    // No RunContinuationsAsynchronously: the function must continue synchronously, so that a test that releases it and then waits finds it
    // running.
    private readonly TaskCompletionSource released = new();

    internal StepHold() { }

    internal Task Released => released.Task;

    /// <summary>Releases the attempt.</summary>
    public void Release() => released.TrySetResult();

    /// <summary>Releases the attempt if it is still held.</summary>
    public void Dispose() => Release();
}
