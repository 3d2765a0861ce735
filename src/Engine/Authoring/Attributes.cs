using System.ComponentModel;

namespace GopherFlow.Authoring;

/// <summary>Sets the name of a workflow class. Without this attribute, the name of the class is used.</summary>
/// <param name="name">The name of the definition, which callers pass as workflowType.</param>
/// <param name="description">One sentence that the console shows.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WorkflowAttribute(string name, string description = "") : Attribute
{
    /// <summary>The name of the definition.</summary>
    public string Name { get; } = name;

    /// <summary>One sentence that the console shows.</summary>
    public string Description { get; } = description;

    /// <summary>The version, set by hand. Default: derived from the states and transitions.</summary>
    public string? Version { get; set; }
}

/// <summary>The base class of the attributes that declare a state.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Field)]
public abstract class DeclaresStateAttribute : Attribute
{
    private protected DeclaresStateAttribute() { }
}

/// <summary>The state in which a workflow starts. Goes on a method; a class has exactly one.</summary>
public sealed class StartAttribute : DeclaresStateAttribute;

/// <summary>An ordinary state. Goes on a method.</summary>
public sealed class StateAttribute : DeclaresStateAttribute;

/// <summary>
/// A state in which the workflow waits for a person. On a constant string, <see cref="GoesToAttribute"/> lists the states to which a person
/// may move the workflow; without it, a person may move it to any state. On a method that takes a record, such as
/// <c>OnApproval(Decision decision)</c>, the workflow waits for a signal with the record's name and then runs the method with that record.
/// The name of that state is the method name without a leading "On".
/// </summary>
public sealed class ManualAttribute : DeclaresStateAttribute;

/// <summary>
/// A final state that means failure. Goes on a constant string, or on a method that returns the result. The method runs as part of the step
/// that goes to this state.
/// </summary>
public sealed class ErrorAttribute : DeclaresStateAttribute;

/// <summary>
/// A final state that means success. Goes on a constant string, or on a method that returns the result. The method runs as part of the step
/// that goes to this state.
/// </summary>
public sealed class EndAttribute : DeclaresStateAttribute;

/// <summary>
/// A cancelled workflow goes to this state to clean up, and continues from there. At most one state of a class has this attribute. Without
/// it, a cancelled workflow ends as CANCELLED at once.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnCancelAttribute : Attribute;

/// <summary>
/// When a state fails for good, the workflow goes to this state instead of becoming FAILED, and continues from there. The workflow still
/// becomes FAILED if this state, a compensation, or any state reachable from them fails for good. At most one state of a class has this
/// attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnFailureAttribute : Attribute;

/// <summary>
/// Names the state that undoes this one, its compensation. A compensation is declared like any other state and returns
/// <see cref="NextState.Undone"/>; no other state has to lead to it. When the workflow compensates
/// (<see cref="NextState.Compensate(string)"/>), it runs once for each time that this state was done.
/// </summary>
/// <param name="state">The name of the compensation: <c>nameof(TheMethod)</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CompensateAttribute(string state) : Attribute
{
    /// <summary>The name of the compensation.</summary>
    public string State { get; } = state;
}

/// <summary>Lists the states that may follow this one.</summary>
/// <param name="states">Their names: <c>nameof(TheMethod)</c>, or the constant of a state without a method.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Field)]
public sealed class GoesToAttribute(params string[] states) : Attribute
{
    /// <summary>The names of the states that may follow.</summary>
    public IReadOnlyList<string> States { get; } = states;
}

/// <summary>
/// Written by the source generator: the transitions that it found in the code of a state. <see cref="GoesToAttribute"/> takes precedence.
/// </summary>
/// <param name="from">The state.</param>
/// <param name="to">The states that may follow, in the order in which they appear in the code.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class TransitionsAttribute(string from, params string[] to) : Attribute
{
    /// <summary>The state.</summary>
    public string From { get; } = from;

    /// <summary>The states that may follow.</summary>
    public IReadOnlyList<string> To { get; } = to;
}

/// <summary>
/// How long one attempt of a state may take, instead of <c>GFLOW_ENGINE_STATE_TIMEOUT</c>. An attempt that takes longer has failed and is
/// retried.
/// </summary>
/// <param name="seconds">The timeout in seconds, greater than zero.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TimeoutAttribute(double seconds) : Attribute
{
    /// <summary>The timeout in seconds.</summary>
    public double Seconds { get; } = seconds;
}

/// <summary>
/// Overrides the state's retry policy for one type of exception. <c>[RetryOn(typeof(ArgumentException), 0)]</c> does not retry. If several
/// attributes match an exception, the first one applies.
/// </summary>
/// <param name="exception">The type of the exception. Derived types match too.</param>
/// <param name="maxRetries">How many times a failed state is run again.</param>
/// <param name="minSeconds">The delay before the first retry, in seconds.</param>
/// <param name="maxSeconds">The longest delay, in seconds.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RetryOnAttribute(Type exception, int maxRetries, double minSeconds = 0, double maxSeconds = 0)
    : Attribute
{
    /// <summary>The type of the exception.</summary>
    public Type Exception { get; } = exception;

    /// <summary>How the delay grows. Default: linear.</summary>
    public RetryGrowth Growth { get; set; }

    internal RetryPolicy Policy => RetryPolicy.Of(Growth, maxRetries, minSeconds, maxSeconds);
}

/// <summary>Sets a retry policy for one state, instead of the workflow's.</summary>
/// <param name="maxRetries">How many times a failed state is run again.</param>
/// <param name="minSeconds">The delay before the first retry, in seconds.</param>
/// <param name="maxSeconds">The longest delay, in seconds.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RetryAttribute(int maxRetries, double minSeconds, double maxSeconds) : Attribute
{
    /// <summary>How the delay grows. Default: linear.</summary>
    public RetryGrowth Growth { get; set; }

    internal RetryPolicy Policy => RetryPolicy.Of(Growth, maxRetries, minSeconds, maxSeconds);
}
