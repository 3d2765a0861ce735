using GopherFlow.Authoring;

namespace GopherFlow.Testing.Running;

/// <summary>What a test has happen to attempts. Each happens once, to the first attempt that it fits.</summary>
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

/// <summary>Something that happens to an attempt of a state.</summary>
internal abstract record StepFault(string State, int Attempt)
{
    public bool Fits(StepContext step) => step.State == State && step.Attempt == Attempt;

    /// <summary>It throws in place of the function.</summary>
    public sealed record Failure(string State, int Attempt, Exception Reason) : StepFault(State, Attempt);

    /// <summary>Its executor dies between the function and the commit.</summary>
    public sealed record Crash(string State, int Attempt) : StepFault(State, Attempt);

    /// <summary>The function does not begin before it is let go.</summary>
    public sealed record Hold(string State, int Attempt, Task Released) : StepFault(State, Attempt);
}
