using GopherFlow.Execution;
using GopherFlow.Rules;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The number of free slots while a run ends.</summary>
public sealed class RunningWorkflowsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorkflowRecord Workflow = WorkflowRule
        .Create(
            new NewWorkflow
            {
                ExternalId = "one",
                WorkflowType = "W",
                Version = "1",
                BusinessKey = "one",
                ExecutorGroup = "default",
                State = "Work",
                StateVars = "{}",
                ClaimedBy = 1,
                NextActivation = Now,
            },
            parentId: null,
            Now
        )
        .Workflow;

    [Fact]
    public async Task A_slot_held_by_a_function_is_never_counted_twice()
    {
        var log = new CallbackLogger();
        var running = new RunningWorkflows(
            capacity: 1,
            new AuthorThreads(TaskScheduler.Default, NullLogger<AuthorThreads>.Instance),
            slotIsFree: static () => { },
            log
        );
        Assert.Equal(1, running.Reserve(1));
        var run = running.Add(Workflow);
        var definition = Machines.Trivial("W");
        var call = new StateCall(
            Workflow,
            definition,
            definition.States.First(state => state.Name == "Work"),
            signal: null,
            TimeSpan.FromMinutes(1),
            Now
        );
        run.Begin(call);
        var taken = new List<int>();
        log.Do = () => taken.Add(running.Reserve(1));

        running.Remove(run);

        Assert.Equal([0], taken);
        Assert.Equal((1, 0), (running.Held, running.Free));
        log.Do = static () => { };
        call.Return(new Attempt.Abandoned());
        Assert.Equal((0, 1), (running.Held, running.Free));
        await running.DrainAsync().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_callback_that_has_not_returned_keeps_a_slot_after_its_run_has_ended()
    {
        var free = 0;
        var running = new RunningWorkflows(
            capacity: 1,
            new AuthorThreads(TaskScheduler.Default, NullLogger<AuthorThreads>.Instance),
            slotIsFree: () => free++,
            NullLogger<RunningWorkflows>.Instance
        );
        Assert.Equal(1, running.Reserve(1));
        var run = running.Add(Workflow);
        var callback = new TaskCompletionSource();
        var held = running.HoldUntilReturnedAsync(callback.Task, Workflow, Now);

        Assert.Equal((1, 0, 0), (running.Held, running.Free, running.Reserve(1)));
        running.Remove(run);
        Assert.Equal((1, 0, 0), (running.Held, running.Free, running.Reserve(1)));
        callback.SetResult();
        await held;

        Assert.Equal((0, 1, 1), (running.Held, running.Free, free));
    }

    /// <summary>A logger that runs a callback on every write.</summary>
    private sealed class CallbackLogger : ILogger<RunningWorkflows>
    {
        public Action Do { get; set; } = static () => { };

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Do();
    }
}
