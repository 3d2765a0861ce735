namespace GopherFlow.Execution;

/// <summary>Runs functions on the thread of a synchronization context.</summary>
internal static class ContextCalls
{
    /// <summary>Runs a function on the thread of a context. The caller continues on another thread.</summary>
    public static Task<T> RunAsync<T>(this SynchronizationContext context, Func<Task<T>> function)
    {
        var ended = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Post(_ => _ = RunAsync(function, ended), null);
        return ended.Task;
    }

    /// <summary>Runs a function on the thread of a context. The caller continues on another thread.</summary>
    public static Task RunAsync(this SynchronizationContext context, Func<Task> function) =>
        context.RunAsync(async () =>
        {
            await function();
            return true;
        });

    /// <summary>Runs an action on the thread of a context. Asynchronous work that it starts does not continue on that thread.</summary>
    public static Task RunAsync(this SynchronizationContext context, Action action) =>
        context.RunAsync(() =>
        {
            SynchronizationContext.SetSynchronizationContext(null);
            try
            {
                action();
                return Task.FromResult(true);
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(context);
            }
        });

    private static async Task RunAsync<T>(Func<Task<T>> function, TaskCompletionSource<T> ended)
    {
        try
        {
            ended.SetResult(await function());
        }
        catch (OperationCanceledException cancelled)
        {
            ended.SetCanceled(cancelled.CancellationToken);
        }
        catch (Exception failure)
        {
            ended.SetException(failure);
        }
    }
}
