using System.Linq.Expressions;
using System.Reflection;
using GopherFlow.Authoring;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Definitions;

/// <summary>Compiles a state method into a delegate that creates an instance for the step and calls the method on it.</summary>
internal static class StateMethodBinder
{
    /// <summary>
    /// The type of the only parameter that is neither a StepContext nor a CancellationToken, or null if there is not exactly one.
    /// </summary>
    public static Type? PayloadOf(MethodInfo method) =>
        method.GetParameters().Where(parameter => !IsOfStep(parameter)).ToList() is [{ ParameterType: var payload }]
            ? payload
            : null;

    /// <summary>Returns the state function, or null and the error.</summary>
    /// <param name="type">The workflow class.</param>
    /// <param name="method">The method of the state.</param>
    /// <param name="payload">The type of the signal payload that the method takes, or null.</param>
    /// <param name="methods">What the functions of the class share.</param>
    /// <param name="fault">The error, or null.</param>
    public static StateFunction? Bind(
        Type type,
        MethodInfo method,
        Type? payload,
        ClassMethods methods,
        out string? fault
    )
    {
        fault = FaultOf(method, payload);
        if (fault is not null)
        {
            return null;
        }

        var compiled = Compile(type, method, methods);
        StateMethod call = (workflow, step) =>
            methods.IsPlain ? compiled(workflow, step) : methods.RunAsync(compiled, workflow, step);
        var create = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
        return step =>
        {
            var workflow = (Workflow)create(step.Services, null);
            workflow.Step = step;
            return workflow is IAsyncDisposable or IDisposable
                ? RunAndDispose(call, workflow, step)
                : call(workflow, step);
        };
    }

    private static async ValueTask<NextState> RunAndDispose(StateMethod call, Workflow workflow, StepContext step)
    {
        try
        {
            return await call(workflow, step);
        }
        finally
        {
            if (workflow is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync();
            }
            else
            {
                ((IDisposable)workflow).Dispose();
            }
        }
    }

    private static string? FaultOf(MethodInfo method, Type? payload)
    {
        if (method.IsStatic || method.ContainsGenericParameters)
        {
            return "is static or generic; a state method is an ordinary instance method";
        }

        if (
            method.ReturnType != typeof(NextState)
            && method.ReturnType != typeof(Task<NextState>)
            && method.ReturnType != typeof(ValueTask<NextState>)
        )
        {
            return $"returns {method.ReturnType.Name}; it must return NextState, Task<NextState> or ValueTask<NextState>";
        }

        var odd = method
            .GetParameters()
            .FirstOrDefault(parameter => !IsOfStep(parameter) && parameter.ParameterType != payload);
        return odd is null
            ? null
            : $"takes a parameter '{odd.Name}' of type {odd.ParameterType.Name}; it may take a CancellationToken and a StepContext";
    }

    private static bool IsOfStep(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(CancellationToken) || parameter.ParameterType == typeof(StepContext);

    private static StateMethod Compile(Type type, MethodInfo method, ClassMethods methods)
    {
        var workflow = Expression.Parameter(typeof(Workflow), "workflow");
        var step = Expression.Parameter(typeof(StepContext), "step");
        var call = CallOf(type, method, workflow, step, methods);
        if (method.ReturnType != typeof(ValueTask<NextState>))
        {
            var wrap = typeof(ValueTask<NextState>).GetConstructor([method.ReturnType])!;
            call = Expression.New(wrap, call);
        }

        return Expression.Lambda<StateMethod>(call, workflow, step).Compile();
    }

    /// <summary>An expression that calls the method with the arguments that it takes: step, cancellation token, signal payload.</summary>
    internal static Expression CallOf(
        Type type,
        MethodInfo method,
        Expression workflow,
        Expression step,
        ClassMethods? methods = null
    ) =>
        Expression.Call(
            Expression.Convert(workflow, type),
            method,
            method
                .GetParameters()
                .Select(parameter =>
                    parameter.ParameterType == typeof(StepContext) ? step
                    : parameter.ParameterType == typeof(CancellationToken)
                        ? Expression.Property(step, nameof(StepContext.Cancellation))
                    : Expression.Call(
                        Expression.Constant(methods),
                        nameof(ClassMethods.PayloadOf),
                        [parameter.ParameterType],
                        step
                    )
                )
        );
}
