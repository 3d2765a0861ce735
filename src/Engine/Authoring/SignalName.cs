namespace GopherFlow.Authoring;

/// <summary>The name of a signal whose payload is a type: the type's own, such as "Decision".</summary>
public static class SignalName
{
    /// <summary>The name for a type.</summary>
    public static string Of<T>() => Of(typeof(T));

    /// <summary>The name for a type.</summary>
    public static string Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Name.Split('`')[0];
    }
}
