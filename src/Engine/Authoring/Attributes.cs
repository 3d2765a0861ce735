using System.ComponentModel;

namespace GopherFlow.Authoring;

/// <summary>Names a workflow class. Without it the class's own name is used.</summary>
/// <param name="name">The name of the definition: what a caller gives as workflowType.</param>
/// <param name="description">One sentence for the console.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WorkflowAttribute(string name, string description = "") : Attribute
{
    /// <summary>The name of the definition.</summary>
    public string Name { get; } = name;

    /// <summary>One sentence for the console.</summary>
    public string Description { get; } = description;

    /// <summary>The version, set by hand. Default: made from the shape of the machine.</summary>
    public string? Version { get; set; }
}

/// <summary>What the attributes that declare a state have in common.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Field)]
public abstract class DeclaresStateAttribute : Attribute
{
    private protected DeclaresStateAttribute() { }
}

/// <summary>The state in which a workflow starts: a method. A class has exactly one.</summary>
public sealed class StartAttribute : DeclaresStateAttribute;

/// <summary>An ordinary state: a method.</summary>
public sealed class StateAttribute : DeclaresStateAttribute;

/// <summary>
/// A state in which the workflow waits for a person: a constant string. With <see cref="GoesToAttribute"/> it names where a
/// person may move it; without, a person may move it anywhere. On a method that takes a record, <c>OnApproval(Decision decision)</c>, it
/// waits for a signal of the record's name and then runs with it; the state's name is the method's without a leading "On".
/// </summary>
public sealed class ManualAttribute : DeclaresStateAttribute;

/// <summary>
/// A final state that means failure: a constant string, or a method that makes the result. The method runs within the step that goes there.
/// </summary>
public sealed class ErrorAttribute : DeclaresStateAttribute;

/// <summary>
/// A final state that means success: a constant string, or a method that makes the result. The method runs within the step that goes there.
/// </summary>
public sealed class EndAttribute : DeclaresStateAttribute;

/// <summary>
/// A cancelled workflow goes to this state to clean up, and from there as the state says. At most one state of a class has it; without
/// one a cancelled workflow ends as CANCELLED at once.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnCancelAttribute : Attribute;

/// <summary>
/// When a state fails for good, the workflow goes to this state instead of FAILED, and continues from there. What this state
/// leads to, and what undoes a state, fails as FAILED. At most one state of a class has it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnFailureAttribute : Attribute;

/// <summary>
/// The state that undoes this one. It is a state like any other, which nothing has to lead to, and it returns
/// <see cref="NextState.Undone"/>. It runs when the workflow compensates (<see cref="NextState.Compensate(string)"/>) and this state was done:
/// once for each time.
/// </summary>
/// <param name="state">Its name: <c>nameof(TheMethod)</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CompensateAttribute(string state) : Attribute
{
    /// <summary>Its name.</summary>
    public string State { get; } = state;
}

/// <summary>The states that may follow.</summary>
/// <param name="states">Their names: <c>nameof(TheMethod)</c> or the constant of a final state.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Field)]
public sealed class GoesToAttribute(params string[] states) : Attribute
{
    /// <summary>Their names.</summary>
    public IReadOnlyList<string> States { get; } = states;
}

/// <summary>The states that may follow, as the generator has read them from the code; <see cref="GoesToAttribute"/> comes first.</summary>
/// <param name="from">The state.</param>
/// <param name="to">The states that may follow, in the order in which the code names them.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class TransitionsAttribute(string from, params string[] to) : Attribute
{
    /// <summary>The state.</summary>
    public string From { get; } = from;

    /// <summary>The states that may follow.</summary>
    public IReadOnlyList<string> To { get; } = to;
}

/// <summary>How long one attempt of a state may take. An attempt that takes longer has failed and is retried.</summary>
/// <param name="seconds">The limit in seconds, more than zero.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TimeoutAttribute(double seconds) : Attribute
{
    /// <summary>The limit in seconds.</summary>
    public double Seconds { get; } = seconds;
}

/// <summary>
/// What is done when a state fails with an exception of a type, instead of what its policy says; <c>[RetryOn(typeof(ArgumentException), 0)]</c>
/// does not retry. The first that fits counts.
/// </summary>
/// <param name="exception">The type of the exception; types derived from it are meant, too.</param>
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

/// <summary>A retry policy of the state's own, instead of the workflow's.</summary>
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
