using System.Globalization;
using GopherFlow.Authoring;

namespace GopherFlow.Demo;

/// <summary>Works for the time that its parent sets, then wakes the parent with the commit that finishes it.</summary>
[Workflow("DemoChildWorkflow", "Demo child workflow that performs a task and wakes its parent")]
public sealed class DemoChildWorkflow(DemoSettings settings) : Workflow
{
    /// <summary>The final state.</summary>
    [End]
    public const string ChildFinish = "ChildFinish";

    private const string SleepTime = "sleepTime";
    private const int DefaultSleepTime = 3;

    /// <inheritdoc/>
    protected override RetryPolicy Retry => RetryPolicy.Linear(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    /// <summary>Goes to the next state at once.</summary>
    [Start, GoesTo(nameof(ChildProcessing))]
    public NextState ChildInit() => GoTo(nameof(ChildProcessing)).Log("Child workflow initialized");

    /// <summary>Simulates work. The workflow is parked in the database and uses no thread while it waits.</summary>
    [State, GoesTo(nameof(ChildWakeParent))]
    public NextState ChildProcessing()
    {
        var seconds = SecondsToSleep();
        Variables["result"] = $"Processed after {seconds} seconds";
        return GoTo(nameof(ChildWakeParent))
            .Log($"Child workflow processed for {seconds} seconds")
            .At(Step.Clock.GetUtcNow() + settings.Scaled(TimeSpan.FromSeconds(seconds)));
    }

    /// <summary>Finishes, and wakes the parent in the same transaction.</summary>
    [State, GoesTo(ChildFinish)]
    public NextState ChildWakeParent() => GoTo(ChildFinish).Log("Parent workflow awakened").WakeParent();

    private int SecondsToSleep()
    {
        if (Variables[SleepTime] is not { } text)
        {
            return DefaultSleepTime;
        }

        return int.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? seconds
            : throw new NotRetryableException($"{SleepTime} is '{text}'; expected a whole number of seconds above 0.");
    }
}
