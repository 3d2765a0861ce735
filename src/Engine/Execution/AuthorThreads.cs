using GopherFlow.Rules;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Runs the author's code on <see cref="StepThreads"/>, or on the scheduler of a test.
/// </summary>
internal sealed class AuthorThreads(TaskScheduler scheduler, ILogger<AuthorThreads> log)
{
    /// <summary>Runs an asynchronous function, including its continuations.</summary>
    public Task RunAsync(Func<Task> function) =>
        Task
            .Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler)
            .Unwrap();

    /// <summary>
    /// Starts a call. If the current thread is a step thread, the call runs on it next, because the caller is about to await it.
    /// </summary>
    public void StartNext(Action action)
    {
        var task = new Task(action, TaskCreationOptions.DenyChildAttach);
        if (scheduler is StepThreads threads)
        {
            threads.StartNext(task);
        }
        else
        {
            task.Start(scheduler);
        }
    }

    /// <summary>
    /// Cancels a token of a workflow's step. Each cancellation is a separate task, so a registered callback that throws or blocks does not
    /// affect others.
    /// </summary>
    public void Cancel(Action cancel, WorkflowRecord workflow) =>
        _ = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    cancel();
                }
                catch (Exception failure)
                {
                    log.CancellationFailed(failure, workflow.Id, workflow.WorkflowType, workflow.State);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.DenyChildAttach,
            scheduler
        );
}
