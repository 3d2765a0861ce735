namespace GopherFlow.Authoring;

/// <summary>Derives the name of a signal from the type of its payload: the name of the type, such as "Decision".</summary>
public static class SignalName
{
    /// <summary>The name of the signal whose payload is <typeparamref name="T"/>.</summary>
    public static string Of<T>() => Of(typeof(T));

    /// <summary>The name of the signal whose payload is <paramref name="type"/>, without a generic type's arity.</summary>
    public static string Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Name.Split('`')[0];
    }
}
