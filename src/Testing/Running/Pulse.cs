namespace GopherFlow.Testing.Running;

/// <summary>Wakes those that wait for something to happen. Take <see cref="Next"/> before looking, so that nothing is missed.</summary>
internal sealed class Pulse
{
    // Waiters look at once, on the thread that beats: an empty strand has no other work for it.
    private TaskCompletionSource next = new();

    public Task Next => Volatile.Read(ref next).Task;

    public void Beat() => Interlocked.Exchange(ref next, new TaskCompletionSource()).TrySetResult();
}
