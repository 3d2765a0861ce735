using GopherFlow.Rules;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Where the author's code runs: on <see cref="StepThreads"/>, or on whatever scheduler a test has put in their place.
/// </summary>
internal sealed class AuthorThreads(TaskScheduler scheduler, ILogger<AuthorThreads> log)
{
    /// <summary>Runs an asynchronous function there; what follows its awaits runs there, too.</summary>
    public Task RunAsync(Func<Task> function) =>
        Task
            .Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler)
            .Unwrap();

    /// <summary>Starts a call, on the same thread when it is one of them: the caller is about to wait for it.</summary>
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
    /// Cancels a token of a workflow's step. Each cancellation is a task of its own: a callback that throws or blocks harms no other.
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
