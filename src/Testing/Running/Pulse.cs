namespace GopherFlow.Testing.Running;

/// <summary>Wakes whoever waits for something to happen. Take <see cref="Next"/> first and look then, so that nothing is missed.</summary>
internal sealed class Pulse
{
    // Whoever waits looks at once, on the thread that beats: a strand that is empty has nothing else to do with it.
    private TaskCompletionSource next = new();

    public Task Next => Volatile.Read(ref next).Task;

    public void Beat() => Interlocked.Exchange(ref next, new TaskCompletionSource()).TrySetResult();
}
