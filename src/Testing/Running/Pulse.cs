namespace GopherFlow.Testing.Running;

/// <summary>
/// Wakes waiters when something happens. Read <see cref="Next"/> before checking the condition, so that no event is missed.
/// </summary>
internal sealed class Pulse
{
    // Waiters continue synchronously on the thread that calls Beat. That is fine: an empty strand has no other work for this thread.
    private TaskCompletionSource next = new();

    public Task Next => Volatile.Read(ref next).Task;

    public void Beat() => Interlocked.Exchange(ref next, new TaskCompletionSource()).TrySetResult();
}
