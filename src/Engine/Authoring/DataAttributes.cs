namespace GopherFlow.Authoring;

/// <summary>
/// Declares the type of a workflow's input. The variables of a new workflow, as one JSON object, must deserialize to this type. Otherwise
/// the create is rejected with the path of the error. Only processes that run the definition check this.
/// </summary>
/// <param name="type">The type, for example a record.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class InputAttribute(Type type) : Attribute
{
    /// <summary>The type.</summary>
    public Type Type { get; } = type;
}

/// <summary>Declares the type to which the result of a workflow must deserialize. See <see cref="NextState.Returning{T}(T)"/>.</summary>
/// <param name="type">The type, for example a record.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OutputAttribute(Type type) : Attribute
{
    /// <summary>The type.</summary>
    public Type Type { get; } = type;
}

/// <summary>
/// Declares variables whose values are never stored in the history of a workflow. The history still records that they changed.
/// </summary>
/// <param name="variables">The names of the variables.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class SecretAttribute(params string[] variables) : Attribute
{
    /// <summary>The names of the variables.</summary>
    public IReadOnlyList<string> Variables { get; } = variables;
}

/// <summary>The history stores no values of variables, only the names of those that changed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WithoutVariableHistoryAttribute : Attribute;
