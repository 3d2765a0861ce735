using System.Reflection;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>Reads the state that a method of a workflow class declares.</summary>
internal static class StateMethodReader
{
    /// <summary>The name of a method's state. The "On" prefix of a Manual method is removed.</summary>
    public static string NameOf(MethodInfo method) =>
        method.IsDefined(typeof(ManualAttribute)) && method.Name is ['O', 'n', >= 'A' and <= 'Z', ..]
            ? method.Name[2..]
            : method.Name;

    /// <summary>The state that a method declares, if any.</summary>
    public static IEnumerable<StateDefinition> Read(MethodInfo method, ClassReading reading)
    {
        if (method.GetCustomAttribute<DeclaresStateAttribute>() is not { } declared)
        {
            yield break;
        }

        if (declared is EndAttribute or ErrorAttribute)
        {
            yield return OfResult(method, declared, reading);
            yield break;
        }

        var state = NameOf(method);
        var payload = declared is ManualAttribute ? StateMethodBinder.PayloadOf(method) : null;
        string? fault = null;
        var function =
            declared is ManualAttribute && payload is null
                ? null
                : StateMethodBinder.Bind(reading.Type, method, payload, reading.Methods, out fault);
        if (declared is ManualAttribute && payload is null)
        {
            fault =
                "is Manual and a method, so it runs with a signal; have it take one record, or declare a constant string";
        }

        if (fault is not null)
        {
            reading.Faults.Add(new(reading.Definition, state, fault));
            function = static _ => throw new InvalidOperationException("A faulty definition never runs.");
        }

        yield return new StateDefinition(
            state,
            declared is StartAttribute ? StateType.Start : StateType.Normal,
            method.GetCustomAttribute<GoesToAttribute>()?.States ?? reading.Transitions.GetValueOrDefault(state) ?? [],
            function,
            RetryOf(method, reading.Retry),
            method.GetCustomAttribute<TimeoutAttribute>() is { } timeout ? TimeSpan.FromSeconds(timeout.Seconds) : null
        )
        {
            Limits = StateLimit.DeclaredOn(method),
            CompensatedBy = method.GetCustomAttribute<CompensateAttribute>()?.State,
            Signal = payload is null ? null : new SignalContract(SignalName.Of(payload), new DataContract(payload)),
        };
    }

    /// <summary>The state's own policy, or null. Its policies for exceptions are tried before those of the workflow.</summary>
    private static RetryPolicy? RetryOf(MethodInfo method, RetryPolicy ofWorkflow)
    {
        var own = method.GetCustomAttribute<RetryAttribute>()?.Policy;
        var byException = method.GetCustomAttributes<RetryOnAttribute>().ToList();
        return byException.Count == 0
            ? own
            : (own ?? ofWorkflow).WithFirst(byException.Select(each => (each.Exception, each.Policy)));
    }

    private static StateDefinition OfResult(MethodInfo method, DeclaresStateAttribute declared, ClassReading reading)
    {
        if (ResultMethodBinder.Bind(reading.Type, method, reading.Result, out var fault) is { } result)
        {
            reading.Methods.Results[method.Name] = result;
        }
        else
        {
            reading.Faults.Add(new(reading.Definition, method.Name, fault!));
        }

        return new StateDefinition(method.Name, declared is EndAttribute ? StateType.End : StateType.Error, []);
    }
}

/// <summary>The state of reading one workflow class.</summary>
internal sealed record ClassReading(
    Type Type,
    string Definition,
    Type? Result,
    ClassMethods Methods,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Transitions,
    RetryPolicy Retry,
    List<DefinitionFault> Faults
);
