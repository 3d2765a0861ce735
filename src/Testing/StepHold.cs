namespace GopherFlow.Testing;

/// <summary>Keeps an attempt of a state from beginning: see <see cref="FlowTest.HoldAt"/>.</summary>
public sealed class StepHold : IDisposable
{
    // What waits goes on in the engine's turn at once, so that whoever releases it and then waits finds it running.
    private readonly TaskCompletionSource released = new();

    internal StepHold() { }

    internal Task Released => released.Task;

    /// <summary>Lets the attempt begin.</summary>
    public void Release() => released.TrySetResult();

    /// <summary>Lets the attempt begin, if that has not happened yet.</summary>
    public void Dispose() => Release();
}
