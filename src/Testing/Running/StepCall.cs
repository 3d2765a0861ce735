using GopherFlow.Authoring;

namespace GopherFlow.Testing.Running;

/// <summary>A call of a state function, and whether it can continue before the clock is turned or the test lets it.</summary>
internal sealed class StepCall(StepContext step)
{
    private readonly Lock gate = new();
    private readonly Dictionary<object, DateTimeOffset> timers = [];
    private bool isHeld;

    public long WorkflowId { get; } = step.WorkflowId;

    public string WorkflowType { get; } = step.WorkflowType;

    public string State { get; } = step.State;

    public int Attempt { get; } = step.Attempt;

    /// <summary>Whether the function has ended; what it has left running is not waited for.</summary>
    public bool HasReturned { get; private set; }

    /// <summary>Whether it waits for the clock, or is held.</summary>
    public bool Rests
    {
        get
        {
            lock (gate)
            {
                return isHeld || timers.Count > 0;
            }
        }
    }

    /// <summary>When the first of its timers fires; null when it has none.</summary>
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
