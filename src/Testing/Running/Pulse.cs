namespace GopherFlow.Testing.Running;

/// <summary>Tells whoever waits that something has happened. Take <see cref="Next"/> first and look then, so that nothing is missed.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Next => Volatile.Read(ref next).Task;

    public void Beat() =>
        Interlocked
            .Exchange(ref next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .TrySetResult();
}
