using System.Linq.Expressions;
using System.Reflection;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>Compiles the method of a final state into a delegate that calls it and wraps the result with its declared type.</summary>
internal static class ResultMethodBinder
{
    /// <summary>Returns the delegate, or null and the error.</summary>
    /// <param name="type">The workflow class.</param>
    /// <param name="method">The method of the final state.</param>
    /// <param name="declared">The result type that the class declares, or null for any.</param>
    /// <param name="fault">The error, or null.</param>
    public static ResultMethod? Bind(Type type, MethodInfo method, Type? declared, out string? fault)
    {
        fault = FaultOf(method, declared);
        return fault is null ? Compile(type, method) : null;
    }

    private static string? FaultOf(MethodInfo method, Type? declared)
    {
        if (method.IsStatic || method.ContainsGenericParameters)
        {
            return "is static or generic; a state method is an ordinary instance method";
        }

        if (ResultOf(method.ReturnType, out _) is not { } result || result == typeof(NextState))
        {
            return $"is final and returns {method.ReturnType.Name}; have it return the result, or declare a constant string";
        }

        if (declared is not null && !declared.IsAssignableFrom(result))
        {
            return $"returns {result.Name}, but the class declares {declared.Name} as its result";
        }

        var odd = method
            .GetParameters()
            .FirstOrDefault(parameter =>
                parameter.ParameterType != typeof(CancellationToken) && parameter.ParameterType != typeof(StepContext)
            );
        return odd is null
            ? null
            : $"takes a parameter '{odd.Name}' of type {odd.ParameterType.Name}; it may take a CancellationToken and a StepContext";
    }

    /// <summary>The type of the result, or null if there is none, and the method of this class that awaits and wraps it.</summary>
    private static Type? ResultOf(Type returned, out string wrap)
    {
        var open = returned.IsGenericType ? returned.GetGenericTypeDefinition() : null;
        wrap =
            open == typeof(Task<>) ? nameof(OfTask)
            : open == typeof(ValueTask<>) ? nameof(OfValueTask)
            : nameof(OfValue);
        return wrap != nameof(OfValue) ? returned.GenericTypeArguments[0]
            : returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask) ? null
            : returned;
    }

    private static ResultMethod Compile(Type type, MethodInfo method)
    {
        var workflow = Expression.Parameter(typeof(Workflow), "workflow");
        var step = Expression.Parameter(typeof(StepContext), "step");
        var result = ResultOf(method.ReturnType, out var wrap)!;
        var call = StateMethodBinder.CallOf(type, method, workflow, step);
        return Expression
            .Lambda<ResultMethod>(Expression.Call(typeof(ResultMethodBinder), wrap, [result], call), workflow, step)
            .Compile();
    }

    private static ValueTask<IOutput> OfValue<T>(T value) => new(new Output<T>(value, null));

    private static async ValueTask<IOutput> OfTask<T>(Task<T> value) => new Output<T>(await value, null);

    private static async ValueTask<IOutput> OfValueTask<T>(ValueTask<T> value) => new Output<T>(await value, null);
}
