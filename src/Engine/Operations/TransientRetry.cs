using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>
/// Repeats a write after transient errors of the database: five tries within 1.5 seconds. The answer of a committed write may have been lost,
/// so the write must recognize what an earlier try has stored.
/// </summary>
internal static class TransientRetry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <param name="store">Decides which errors are transient.</param>
    /// <param name="clock">Measures the pauses.</param>
    /// <param name="write">The write. Its argument is whether an earlier try may have been committed.</param>
    /// <param name="cancellation">Cancels the pauses.</param>
    public static async Task<T> RunAsync<T>(
        IWorkflowStore store,
        TimeProvider clock,
        Func<bool, Task<T>> write,
        CancellationToken cancellation
    )
    {
        for (var pause = FirstPause; ; pause *= 2)
        {
            try
            {
                return await write(pause > FirstPause);
            }
            catch (Exception trouble) when (store.IsTransient(trouble) && pause < LongestPause)
            {
                await Task.Delay(pause, clock, cancellation);
            }
        }
    }
}
