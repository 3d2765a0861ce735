using GopherFlow.Authoring;

namespace GopherFlow.Testing.Running;

/// <summary>A running state function. Knows whether the function waits for the clock or for the test.</summary>
internal sealed class StepCall(StepContext step)
{
    private readonly Lock gate = new();
    private readonly Dictionary<object, DateTimeOffset> timers = [];
    private bool isHeld;

    public long WorkflowId { get; } = step.WorkflowId;

    public string WorkflowType { get; } = step.WorkflowType;

    public string State { get; } = step.State;

    public int Attempt { get; } = step.Attempt;

    /// <summary>Whether the function has returned. Work that it left running is not awaited.</summary>
    public bool HasReturned { get; private set; }

    /// <summary>Whether it waits for the clock or is held.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return isHeld || timers.Count > 0;
            }
        }
    }

    /// <summary>When its first timer fires; null when it has none.</summary>
    public DateTimeOffset? NextTimer
    {
        get
        {
            lock (gate)
            {
                return timers.Count == 0 ? null : timers.Values.Min();
            }
        }
    }

    public void Return() => HasReturned = true;

    public void Hold(bool held)
    {
        lock (gate)
        {
            isHeld = held;
        }
    }

    public void SetTimer(object timer, DateTimeOffset due)
    {
        lock (gate)
        {
            timers[timer] = due;
        }
    }

    public void RemoveTimer(object timer)
    {
        lock (gate)
        {
            timers.Remove(timer);
        }
    }

    public override string ToString() => $"'{State}' of {WorkflowType} {WorkflowId}, attempt {Attempt}";
}
