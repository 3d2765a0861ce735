namespace GopherFlow.Authoring;

/// <summary>
/// The type that the variables of a new workflow have to fit, as one JSON object: a create that does not fit is refused with the path of
/// the fault. Checked by processes that run the definition.
/// </summary>
/// <param name="type">The type, for example a record.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class InputAttribute(Type type) : Attribute
{
    /// <summary>The type.</summary>
    public Type Type { get; } = type;
}

/// <summary>The type that the result of a workflow has to fit, see <see cref="NextState.Returning{T}(T)"/>.</summary>
/// <param name="type">The type, for example a record.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OutputAttribute(Type type) : Attribute
{
    /// <summary>The type.</summary>
    public Type Type { get; } = type;
}

/// <summary>Variables whose values are never kept in the history of a workflow; that they changed is.</summary>
/// <param name="variables">Their names.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class SecretAttribute(params string[] variables) : Attribute
{
    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Variables { get; } = variables;
}

/// <summary>The history keeps no values of variables, only the names of those that changed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WithoutVariableHistoryAttribute : Attribute;
