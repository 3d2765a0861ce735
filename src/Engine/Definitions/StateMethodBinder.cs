using System.Linq.Expressions;
using System.Reflection;
using GopherFlow.Authoring;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Definitions;

/// <summary>Turns a state method into a delegate that makes an instance for the step and calls the method on it.</summary>
internal static class StateMethodBinder
{
    /// <summary>The function, or null and what is wrong with the method.</summary>
    public static StateFunction? Bind(Type type, MethodInfo method, out string? fault)
    {
        fault = FaultOf(method);
        if (fault is not null)
        {
            return null;
        }

        var call = Compile(type, method);
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

    private static async ValueTask<NextState> RunAndDispose(
        Func<Workflow, StepContext, ValueTask<NextState>> call,
        Workflow workflow,
        StepContext step
    )
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

    private static string? FaultOf(MethodInfo method)
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
            .FirstOrDefault(parameter =>
                parameter.ParameterType != typeof(CancellationToken) && parameter.ParameterType != typeof(StepContext)
            );
        return odd is null
            ? null
            : $"takes a parameter '{odd.Name}' of type {odd.ParameterType.Name}; it may take a CancellationToken and a StepContext";
    }

    private static Func<Workflow, StepContext, ValueTask<NextState>> Compile(Type type, MethodInfo method)
    {
        var workflow = Expression.Parameter(typeof(Workflow), "workflow");
        var step = Expression.Parameter(typeof(StepContext), "step");
        var arguments = method
            .GetParameters()
            .Select(parameter =>
                parameter.ParameterType == typeof(StepContext)
                    ? (Expression)step
                    : Expression.Property(step, nameof(StepContext.Cancellation))
            );
        Expression call = Expression.Call(Expression.Convert(workflow, type), method, arguments);
        if (method.ReturnType != typeof(ValueTask<NextState>))
        {
            var wrap = typeof(ValueTask<NextState>).GetConstructor([method.ReturnType])!;
            call = Expression.New(wrap, call);
        }

        return Expression.Lambda<Func<Workflow, StepContext, ValueTask<NextState>>>(call, workflow, step).Compile();
    }
}
