using GopherFlow.Authoring;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>A function that waits until it is released or cancelled.</summary>
internal sealed class Work
{
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> target = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Entered => entered.Task;

    public Task Cancelled => cancelled.Task;

    public void Release(string to) => target.SetResult(to);

    public async Task<NextState> RunAsync(StepContext step)
    {
        entered.TrySetResult();
        try
        {
            return NextState.GoTo(await target.Task.WaitAsync(step.Cancellation));
        }
        catch (OperationCanceledException)
        {
            cancelled.TrySetResult();
            throw;
        }
    }
}
