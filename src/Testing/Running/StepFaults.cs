using GopherFlow.Authoring;

namespace GopherFlow.Testing.Running;

/// <summary>The faults that a test injects. Each is used once, for the first attempt that matches.</summary>
internal sealed class StepFaults
{
    private readonly Lock gate = new();
    private readonly List<StepFault> planned = [];

    public void Add(StepFault fault)
    {
        lock (gate)
        {
            planned.Add(fault);
        }
    }

    public T? Take<T>(StepContext step)
        where T : StepFault
    {
        lock (gate)
        {
            var found = planned.OfType<T>().FirstOrDefault(fault => fault.Fits(step));
            if (found is not null)
            {
                planned.Remove(found);
            }

            return found;
        }
    }
}

/// <summary>A fault that is injected into an attempt of a state.</summary>
internal abstract record StepFault(string State, int Attempt)
{
    public bool Fits(StepContext step) => step.State == State && step.Attempt == Attempt;

    /// <summary>Throws an exception instead of running the function.</summary>
    public sealed record Failure(string State, int Attempt, Exception Reason) : StepFault(State, Attempt);

    /// <summary>Simulates a crash of the executor between the function and the commit.</summary>
    public sealed record Crash(string State, int Attempt) : StepFault(State, Attempt);

    /// <summary>Blocks the function until it is released.</summary>
    public sealed record Hold(string State, int Attempt, Task Released) : StepFault(State, Attempt);
}
