namespace GopherFlow.Testing;

/// <summary>Keeps an attempt of a state from beginning: see <see cref="FlowTest.HoldAt"/>.</summary>
public sealed class StepHold : IDisposable
{
    // The function continues at once, in the engine's turn, so that a test that releases it and then waits finds it running.
    private readonly TaskCompletionSource released = new();

    internal StepHold() { }

    internal Task Released => released.Task;

    /// <summary>Lets the attempt begin.</summary>
    public void Release() => released.TrySetResult();

    /// <summary>Lets the attempt begin, if that has not happened yet.</summary>
    public void Dispose() => Release();
}
